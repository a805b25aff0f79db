import { expect, test } from 'vitest';
import { planOf } from '../support/plan.ts';

/** Shapes of which each uses the next one twice; the last one is an `int`, or the first again. */
function shapes(count: number, last: string): string {
  return Array.from(
    { length: count },
    (_, at) => `shape S${at} { a: ${at + 1 === count ? last : `S${at + 1}`}?  b: S${(at + 1) % count}? }`,
  ).join('\n');
}

const entity = 'entity E { id: int  first: S0?  store events { key (id)  upsert on (id) } }';

// Their paths are more than there are atoms: whoever walked each of them would never come to an end.
test.each([
  ['one after the other', shapes(28, 'int').replace('b: S0? }', 'b: int? }')],
  ['in a circle', shapes(60, 'S0')],
])('shapes that use each other twice, %s, are checked, compiled and read', (_, text) => {
  const plan = planOf(`pipeline twice\n${text}\n${entity}`);
  const evaluate = plan.entities[0]?.evaluate;
  const input = { headers: {}, messageId: '', receivedAt: 0 };
  for (let message = 0; message < 3; message += 1)
    expect(evaluate?.({ ...input, body: '{"id":1,"first":{"a":{"b":{}}}}' })).toMatchObject({ kind: 'rows' });
});
