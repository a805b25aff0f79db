import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Evaluation } from '../../src/plan/plan.ts';
import { planOf } from '../support/plan.ts';
import { runs } from '../support/property-runs.ts';
import { evaluate, rejectionOf, rowsOf } from './evaluating.ts';

const RULES = ['', 'duplicates first', 'duplicates last', 'duplicates newest', 'duplicates add'] as const;
const ACTIONS = ['replace', 'keep', 'merge', 'newest by version', 'add (pieces)'] as const;

interface Line {
  readonly sku: string;
  readonly version: number;
  readonly pieces: number;
  readonly gone: boolean;
}

const line: fc.Arbitrary<Line> = fc.record({
  sku: fc.constantFrom('a', 'b', 'c'),
  version: fc.integer({ min: 1, max: 2 }),
  pieces: fc.integer({ min: 1, max: 2 }),
  gone: fc.boolean(),
});

function program(action: string, rule: string, deletes: boolean): string {
  return `shape Line { sku: text  version: int  pieces: int  gone: bool }
    entity Order { id: int  lines: Line[] }
    derive Sold from Order as o, each o.lines as line {
      ...line
      store sold { key (sku)  upsert on (sku) ${action}  ${rule}  ${deletes ? 'delete when gone' : ''} }
    }`;
}

const isEqual = (left: Line, right: Line): boolean => JSON.stringify(left) === JSON.stringify(right);

/** What is left of the lines, by key; or the places of the two that refuse the message. */
function expected(
  lines: readonly Line[],
  rule: string,
  deletes: boolean,
): Map<string, Line> | [number, number] {
  const left = new Map<string, { readonly line: Line; readonly at: number }>();
  for (const [at, each] of lines.entries()) {
    const first = left.get(each.sku);
    if (first === undefined) left.set(each.sku, { line: each, at });
    else if (rule === 'duplicates add' && !(deletes && (first.line.gone || each.gone)))
      left.set(each.sku, { line: { ...each, pieces: first.line.pieces + each.pieces }, at: first.at });
    else if (isEqual(first.line, each) || rule === 'duplicates first') continue;
    else if (rule === 'duplicates last') left.set(each.sku, { line: each, at });
    else if (rule === 'duplicates newest' && each.version !== first.line.version) {
      if (each.version > first.line.version) left.set(each.sku, { line: each, at });
    } else return [first.at, at];
  }
  return new Map([...left].map(([sku, each]) => [sku, each.line]));
}

/** What is written and deleted, or the places of the rows that refuse the message. */
function outcome(evaluation: Evaluation): unknown {
  if (evaluation.kind === 'rejected') {
    const { code, field, pointer, message } = evaluation.rejection;
    return { code, field, pointer, from: /one is from (\S+), the other from (\S+)$/.exec(message)?.slice(1) };
  }
  const [writes] = evaluation.writes;
  return outcomeOf(writes?.rows, writes?.deletes);
}

function outcomeOf(rows: readonly unknown[] = [], deletes: readonly unknown[] = []): unknown {
  const texts = (all: readonly unknown[]): readonly string[] =>
    all.map((row) => JSON.stringify(row)).toSorted();
  return { rows: texts(rows), deletes: texts(deletes) };
}

function refusedAt(places: readonly [number, number]): unknown {
  const from = places.map((at) => `/lines/${at}`);
  return { code: 'duplicate_key', field: 'Sold', pointer: from[1], from };
}

function takenAs(left: ReadonlyMap<string, Line>, deletes: boolean): unknown {
  const of = (gone: boolean): readonly unknown[] =>
    [...left.values()]
      .filter((each) => (deletes && each.gone) === gone)
      .map(({ sku, version, pieces, gone: each }) => [sku, version, pieces, each]);
  return outcomeOf(of(false), of(true));
}

test('of rows of one message with one key, equal ones count once and others are lost only as the store says', () => {
  const met = { refused: 0, taken: 0 };
  fc.assert(
    fc.property(
      fc.constantFrom(...ACTIONS),
      fc.constantFrom(...RULES),
      fc.boolean(),
      fc.array(line, { maxLength: 5 }),
      (action, rule, deletes, lines) => {
        const fits =
          rule === 'duplicates newest'
            ? 'newest by version'
            : rule === 'duplicates add'
              ? 'add (pieces)'
              : action;
        const evaluation = evaluate(planOf(program(fits, rule, deletes)), { body: { id: 1, lines } });
        const left = expected(lines, rule, deletes);
        met[Array.isArray(left) ? 'refused' : 'taken'] += 1;
        expect(outcome(evaluation)).toEqual(Array.isArray(left) ? refusedAt(left) : takenAs(left, deletes));
      },
    ),
    { numRuns: runs(2000) },
  );
  expect(met.refused).toBeGreaterThan(runs(100));
  expect(met.taken).toBeGreaterThan(runs(100));
});

describe('a refused message', () => {
  const source = program('replace', '', false);

  test('tells the key, what differs, and both places, and no value', () => {
    const lines = [
      { sku: 'x', version: 1, pieces: 1, gone: false },
      { sku: 'secret', version: 1, pieces: 1, gone: false },
      { sku: 'secret', version: 1, pieces: 7, gone: true },
    ];
    expect(rejectionOf(source, { body: { id: 1, lines } })).toEqual({
      code: 'duplicate_key',
      entity: 'Order',
      field: 'Sold',
      pointer: '/lines/2',
      source: 'test.nom:5:31',
      message:
        'expected one row of sold for each (sku), found two that differ in pieces, gone: one is from /lines/1, the other from /lines/2',
    });
  });
});

describe('two derivations that write one table', () => {
  const people = (
    rule: string,
  ) => `shape Person { code: text  role: text  store people { key (code)  upsert on (code) keep ${rule} } }
    entity Visit { doctor: text  nurse: text }
    derive Doctor from Visit as v { ...Person  code = v.doctor  role = "doctor" }
    derive Nurse from Visit as v { ...Person  code = v.nurse  role = "nurse" }`;

  test('make different rows of one key, which refuse the message', () => {
    expect(rejectionOf(people(''), { body: { doctor: 'a', nurse: 'a' } })).toMatchObject({
      code: 'duplicate_key',
      field: 'Nurse',
    });
  });

  test('or the store says which is written', () => {
    const body = { doctor: 'a', nurse: 'a' };
    expect(rowsOf(people('duplicates first'), { body })).toEqual({ people: [{ code: 'a', role: 'doctor' }] });
    expect(rowsOf(people('duplicates last'), { body })).toEqual({ people: [{ code: 'a', role: 'nurse' }] });
  });
});
