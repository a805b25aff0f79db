import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runOf } from './run.ts';

const characters = fc.string({ unit: 'grapheme', maxLength: 20 });

test('a text keeps its length in lower and upper case, and its parts change as the whole does', () => {
  for (const name of ['lower', 'upper']) {
    const run = runOf(name, 'text');
    fc.assert(
      fc.property(characters, fc.constantFrom('', 'Σ', 'ß', 'İ', 'ŉ'), characters, (before, odd, behind) => {
        const whole = String(run(before + odd + behind));
        expect([...whole]).toHaveLength([...(before + odd + behind)].length);
        expect(whole).toBe([before, odd, behind].map((part) => run(part)).join(''));
      }),
    );
  }
});

test('splitting and joining again changes nothing but an empty text', () => {
  const split = runOf('split', 'text', 'text');
  const join = runOf('join', 'text[]', 'text');
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ',', ';') }),
      fc.constantFrom(',', ',;', 'x'),
      (text, separator) => {
        expect(join(split(text, separator), separator)).toBe(text);
      },
    ),
  );
});

test('substr and truncate never cut a character in two', () => {
  const substr = runOf('substr', 'text', 'int', 'int');
  const truncate = runOf('truncate', 'text', 'int');
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.integer({ min: -5, max: 25 }),
      fc.nat(25),
      (text, start, length) => {
        const naive = [...text].filter((_, at) => at + 1 >= start && at + 1 < start + length).join('');
        expect(substr(text, start, length)).toBe(naive);
        expect(truncate(text, length)).toBe([...text].slice(0, length).join(''));
      },
    ),
  );
});

test('a negative length rejects the message', () => {
  expect(runOf('substr', 'text', 'int', 'int')('abc', 1, -1)).toBe('failed');
  expect(runOf('truncate', 'text', 'int')('abc', -1)).toBe('failed');
});

test('truncate fits a text into a column of that length', () => {
  const run = runOf('truncate', 'text', 'int 3');
  expect(run('🚀🚀🚀🚀', 3)).toBe('🚀🚀🚀');
});
