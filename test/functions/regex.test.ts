import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/property-runs.ts';
import { runOf } from './run.ts';

/** Patterns that mean the same in RE2 and in JavaScript. */
const { pattern } = fc.letrec<{ pattern: string; piece: string; one: string }>((tie) => ({
  one: fc.constantFrom('a', 'b', '🚀', '[ab]', '[^a]', '.', '\\d', 'ab'),
  piece: fc.oneof(
    { weight: 3, arbitrary: tie('one') },
    fc
      .tuple(tie('one'), fc.constantFrom('*', '+', '?', '{2}', '+?'))
      .map(([one, times]) => `(?:${one})${times}`),
    fc.tuple(tie('one'), tie('one')).map(([left, right]) => `(?:${left}|${right})`),
  ),
  pattern: fc
    .tuple(
      fc.constantFrom('', '^'),
      fc.array(tie('piece'), { maxLength: 3 }),
      fc.array(tie('piece'), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '$'),
    )
    .map(([start, before, group, end]) => `${start}${before.join('')}(${group.join('')})${end}`),
}));

const subject = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', '🚀'), maxLength: 10 });

test('a pattern matches, and its group catches, what JavaScript finds', () => {
  fc.assert(
    fc.property(pattern, fc.array(subject, { minLength: 3, maxLength: 3 }), (source, texts) => {
      const written = JSON.stringify(source);
      const matches = runOf('regex_match', 'text', `text ${written}`);
      const group = runOf('regex_group', 'text', `text ${written}`, 'int 1');
      const known = new RegExp(source, 'u');
      for (const text of texts) {
        expect([text, matches(text, source)]).toEqual([text, known.test(text)]);
        expect([text, group(text, source, 1)]).toEqual([text, known.exec(text)?.[1] ?? null]);
      }
    }),
    { numRuns: runs(1000) },
  );
});

test('no pattern makes a message hang', () => {
  const run = runOf('regex_match', 'text', 'text "^(a+)+$"');
  // An engine that backtracks would take longer than the universe has lasted.
  expect(run(`${'a'.repeat(20_000)}!`)).toBe(false);
});
