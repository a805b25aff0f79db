import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeOfState } from '../../src/adapters/postgres/failure-of.ts';
import { Failure } from '../../src/ports/failure.ts';
import { classify } from '../../src/roles/worker/fail/classify.ts';
import { expectGolden } from '../support/golden.ts';

/** Appendix A of Postgres's manual, from its `errcodes.txt`. */
const states = readFileSync(new URL('../support/sqlstates.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split(' '));

const verdictOf = (state: string) =>
  classify(new Failure(codeOfState(state), '', { sql: { sqlstate: state } }));
const isMessagesFault = (state: string) => ['refused', 'missing-parent'].includes(verdictOf(state));

test('every SQLSTATE of the manual has a code and a verdict', () => {
  expect(states.length).toBeGreaterThan(250);
  const lines = states.map(([state = '', name = '']) =>
    [state, name.padEnd(52), codeOfState(state).padEnd(20), verdictOf(state)].join(' '),
  );
  expectGolden('sqlstates.txt', `${lines.join('\n')}\n`);
});

test('of any SQLSTATE, only the classes 22 and 23 and a row that is too large count against a message', () => {
  const digit = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split(''));
  const any = fc.array(digit, { minLength: 5, maxLength: 5 }).map((digits) => digits.join(''));
  const known = fc.constantFrom(...states.map(([state = '']) => state));
  fc.assert(
    fc.property(fc.oneof(any, known), (state) => {
      const own = state.startsWith('22') || state.startsWith('23') || state === '54000';
      expect(isMessagesFault(state)).toBe(own);
    }),
  );
});
