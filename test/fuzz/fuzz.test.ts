import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { runs } from '../support/property-runs.ts';
import { byBytes } from './by-bytes.ts';
import { byGrammar, byWords } from './by-grammar.ts';
import { constructs } from './by-size.ts';
import { faultOf, faultOfCheck } from './fault.ts';
import { programs } from './programs.ts';

/*
 * Whatever a text is, `check` answers with findings inside of it, twice the same, and never with an error of its own.
 * `node test/fuzz/run.ts` draws many more.
 */

const all = programs();

test.each([
  ['of the grammar', byGrammar, 120],
  ['of other programs with some words changed', byWords(all), 60],
  ['of characters', byBytes(all), 80],
])('a text %s is checked without a fault', (_, texts, most) => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(faultOf(text)).toBeUndefined();
    }),
    { numRuns: runs(most) },
  );
});

test.each(Object.entries(constructs))('%s, 1 and 12 times, is checked without a fault', (_, make) => {
  for (const times of [1, 12]) expect(faultOf(make(times))).toBeUndefined();
});

/** What made the checker recurse once for each of them; the stack ran out at fewer than these. */
test.each([
  ['chainBack', 1000],
  ['circle', 1000],
  ['fnChain', 1500],
  ['fieldBack', 1500],
  ['fieldCircle', 1500],
  ['shapeChain', 1500],
  ['spreadChain', 1500],
  ['closers', 1500],
  ['indexes', 2000],
  ['matches', 2000],
  ['signsInCalls', 900],
  ['sumsAroundParens', 900],
  ['refcircle', 4000],
  ['spreadCircle', 2000],
  ['spreadUnstored', 4000],
  ['spreadTwiceUnstored', 40],
])('%s, %i times, has an answer that names no error of the checker', (name, times) => {
  expect(faultOfCheck(constructs[name]?.(times) ?? '')).toBeUndefined();
});

test('a chain of fields of any length that is accepted can be compiled', () => {
  const text = constructs['fieldsRead']?.(8000) ?? '';
  const { program, accepted } = analyze({ name: 'fuzz.nom', text });
  expect(accepted).toBe(true);
  expect(() => compilePlan(program, 'fuzz.nom')).not.toThrow();
});
