import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

/** Each function calls the next one twice. */
function doubling(levels: number): readonly unknown[] {
  const functions = Array.from(
    { length: levels },
    (_, at) => `fn f${at}(a: int) -> int = ${at === 0 ? 'a' : `f${at - 1}(a) + f${at - 1}(a)`}`,
  );
  const entity = `entity E { id: int  x = f${levels - 1}(id)  store e { key (id)  upsert on (id) } }`;
  return analyze({ name: 'a.nom', text: [...functions, entity, ''].join('\n') }).findings;
}

test('functions that double the work with each level are refused once, before a message would never end', () => {
  expect(doubling(10)).toEqual([]);
  expect(doubling(60)).toMatchObject([
    { code: 'NOM022', message: 'one call of `f13` runs more than 10000 functions' },
  ]);
});
