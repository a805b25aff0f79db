import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrayFault } from '../../../src/roles/ingest/array-fault.ts';
import { batchElements } from '../../../src/roles/ingest/batch-elements.ts';
import { findFault } from '../../../src/types/json-fault.ts';
import { runs } from '../../support/property-runs.ts';

const LIMIT = 512 * 1024;

/** All elements, taken in steps of this size, as text; or the problem. */
async function cut(body: string | Buffer, type?: string, count = 3, bytes = 5): Promise<unknown> {
  const elements = await batchElements(Buffer.from(body), type, LIMIT);
  if ('code' in elements) return elements;
  const all: (string | undefined)[] = [];
  for (let isLast = false; !isLast;) {
    const next = elements.next(count, bytes);
    expect(next.elements.length).toBeLessThanOrEqual(count);
    all.push(...next.elements.map((element) => element.toString('utf8')));
    ({ isLast } = next);
  }
  return all;
}

const blanks = fc.string({ unit: fc.constantFrom(' ', '\n', '\r', '\t'), maxLength: 3 });
const value = fc.oneof(
  fc.json({ maxDepth: 3, stringUnit: 'binary' }).filter((text) => !text.includes('\\u')),
  fc.constantFrom('"]"', '"[,"', '"\\""', '"\\\\"', '-1.50e3', '{"a":[1,"}"]}', '"é€😀"', '[[],{}]'),
);
const steps = fc.record({
  count: fc.integer({ min: 1, max: 300 }),
  bytes: fc.integer({ min: 1, max: 64 }),
});

test('an array is cut into its elements as they were written, whatever the steps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(blanks, value, blanks), { maxLength: 6 }),
      blanks,
      steps,
      async (parts, outer, { count, bytes }) => {
        const body = parts.map(([before, element, behind]) => before + element + behind).join(',');
        expect(await cut(`${outer}[${outer}${body}${outer}]${outer}`, undefined, count, bytes)).toEqual(
          parts.map(([, element]) => element),
        );
      },
    ),
    { numRuns: runs(2000) },
  );
});

test('lines are cut as they were written, without blanks around them, whatever the steps', async () => {
  const line = fc.tuple(blanks, fc.constantFrom('{"a": 1}', 'x', '[', '"é"', '1 2'), blanks);
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), steps, async (lines, { count, bytes }) => {
      const body = lines.map(([before, text, behind]) => before + text + behind).join('\n');
      expect(await cut(body, 'application/x-ndjson', count, bytes)).toEqual(lines.map(([, text]) => text));
    }),
    { numRuns: runs(1000) },
  );
});

test('a broken element does not spoil its batch', async () => {
  expect(await cut('[{"a": 1]}, {"b" 2}, nonsense, "]"]')).toEqual([
    '{"a": 1]}',
    '{"b" 2}',
    'nonsense',
    '"]"',
  ]);
});

const BROKEN = [
  '[',
  '[1',
  '[1,',
  '[,]',
  '[1,]',
  '[1,,2]',
  '[1]]',
  '[1] 2',
  '["a]',
  '[{"a": 1]',
  '[\n 1\n,"é😀", }',
];

test('a broken array is refused as a whole, at the first fault that a strict reader finds in it', async () => {
  const broken = fc
    .tuple(fc.array(value, { maxLength: 5 }), fc.nat(60), fc.constantFrom('', ']', ',', '"', '{', 'x', '\n'))
    .map(([parts, at, put]) => {
      const text = `[${parts.join(' ,\n')}]`;
      return text.slice(0, at) + put + text.slice(at + 1);
    })
    .filter((text) => text.startsWith('['));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.constantFrom(...BROKEN), broken), async (text) => {
      const fault = await arrayFault(Buffer.from(text), 0, LIMIT);
      // An array of which only elements are broken has no fault of its own.
      const strict = fault === undefined ? undefined : findFault(text, 65);
      expect({ text, fault }).toEqual({ text, fault: strict });
    }),
    { numRuns: runs(3000), examples: BROKEN.map((text) => [text]) },
  );
  for (const text of BROKEN) {
    expect(await cut(text), text).toMatchObject({ status: 400, code: 'invalid_json' });
  }
});

test('the messages of an array may be as deep as a message alone', async () => {
  const deepest = '['.repeat(64) + ']'.repeat(64);
  expect(await cut(`[${deepest}]`, undefined, 1, 7)).toEqual([deepest]);
  expect(await cut(`[${deepest}`)).toMatchObject({ code: 'invalid_json' });
});

test('of an element without an end only as much is read as a message may have', async () => {
  const body = Buffer.from(`[1,\n [${'true, '.repeat(5000)}`);
  expect(await arrayFault(body, 0, 1000)).toMatchObject({
    message: 'expected an element that ends, or the end of the array, at line 2, column 2',
  });
});

test('the fault of an array of millions of tiny elements is found about as fast as a strict reader finds it', async () => {
  for (const element of ['1,', '{},', '"é",']) {
    const body = Buffer.from(`[${element.repeat(500_000)}`);
    const started = performance.now();
    findFault(body.toString('utf8'), 65);
    const strict = performance.now() - started;
    const again = performance.now();
    expect(await arrayFault(body, 0, LIMIT)).toMatchObject({ code: 'invalid_json' });
    // Asked about each element alone it took forty times as long and more, in turns of a second.
    expect((performance.now() - again) / strict).toBeLessThan(20);
  }
}, 120_000);

test('the first of several broken elements is told, wherever in the body they are', async () => {
  const many = (count: number) => '1,\n'.repeat(count);
  for (const before of [0, 1, 5_000, 100_000]) {
    const text = `[${many(before)}[1}, tru, 2,${many(3)}`;
    expect(await arrayFault(Buffer.from(text), 0, LIMIT)).toEqual(findFault(text, 65));
  }
}, 60_000);
