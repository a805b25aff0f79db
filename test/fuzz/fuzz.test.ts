import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/property-runs.ts';
import { byBytes } from './by-bytes.ts';
import { byGrammar, byWords } from './by-grammar.ts';
import { constructs } from './by-size.ts';
import { faultOf } from './fault.ts';
import { programs } from './programs.ts';

/*
 * Whatever a text is, `check` answers with findings inside of it, twice the same, and never with an error of its own.
 * `node test/fuzz/run.ts` draws many more.
 */

const all = programs();

test.each([
  ['of the grammar', byGrammar, 240],
  ['of other programs with some words changed', byWords(all), 120],
  ['of characters', byBytes(all), 240],
])('a text %s is checked without a fault', (_, texts, most) => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(faultOf(text)).toBeUndefined();
    }),
    { numRuns: runs(most) },
  );
});

test.each(Object.entries(constructs))('%s, 1 and 40 times, is checked without a fault', (_, make) => {
  for (const times of [1, 40]) expect(faultOf(make(times))).toBeUndefined();
});

/** What made the checker recurse once for each of them, and run out of stack. */
test.each([
  'chainBack',
  'circle',
  'fnChain',
  'fieldBack',
  'fieldCircle',
  'shapeChain',
  'spreadChain',
  'closers',
])('%s, 4,000 times, has an answer that names no error of the checker', (name) => {
  expect(faultOf(constructs[name]?.(4000) ?? '')).toBeUndefined();
});
