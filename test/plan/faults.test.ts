import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Rejection } from '../../src/types/value.ts';
import { planOf } from '../support/plan.ts';
import { runs } from '../support/property-runs.ts';
import { evaluate } from './evaluating.ts';

const plan = planOf(`
shape Line { number: int  sku: text(3) }
entity Order @strict {
  id:    int
  mail:  text
  zip:   int @json("address.zip")
  city:  text @json("address.city")
  trace: text(3)? @header("x-trace")
  lines: Line[]
  half:  int = parse_int(mail)
  check id > 0 "id must be positive"
  check half > id "half must be more than id"
  store orders { key (id)  upsert on (id) }
}`);

function rejectionOf(body: unknown): Rejection | undefined {
  const evaluation = evaluate(plan, { body });
  return evaluation.kind === 'rejected' ? evaluation.rejection : undefined;
}

const told = (body: unknown): readonly string[] =>
  (rejectionOf(body)?.faults ?? []).map(({ code, field, pointer }) => `${code} ${field} ${pointer}`);

const good = { id: 1, mail: '5', address: { zip: 1, city: 'a' }, lines: [] };

test('a refused message tells all that is wrong with it, at its places', () => {
  const lines = [{ number: 1, sku: 'long' }, { number: 'x' }, null];
  expect(told({ id: 'x', mail: 5, address: { zip: 'q', street: 1 }, lines, extra: 1 })).toEqual([
    'invalid_format Order.id /id',
    'wrong_type Order.mail /mail',
    'unknown_field Order /address/street',
    'invalid_format Order.zip /address/zip',
    'missing Order.city /address/city',
    'too_long Line.sku /lines/0/sku',
    'invalid_format Line.number /lines/1/number',
    'missing Line.sku /lines/1/sku',
    'null_not_allowed Order.lines /lines/2',
    'unknown_field Order /extra',
  ]);
});

test('every key that is absent is told', () => {
  expect(told({})).toEqual([
    'missing Order.id /id',
    'missing Order.mail /mail',
    'missing Order.zip /address/zip',
    'missing Order.city /address/city',
    'missing Order.lines /lines',
  ]);
});

test('every check that is not true is told, once all fields are there', () => {
  const messages = rejectionOf({ ...good, id: -1, mail: '-5' })?.faults?.map(({ message }) => message);
  expect(messages).toEqual(['id must be positive', 'half must be more than id']);
  // It reads the field that could not be computed.
  expect(rejectionOf({ ...good, id: -1, mail: 'x' })).toMatchObject({ code: 'failed', field: 'Order.half' });
});

test('one fault needs no list', () => {
  expect(rejectionOf({ ...good, id: 'x' })).not.toHaveProperty('faults');
});

test('at most 20 faults are told', () => {
  expect(told({ ...good, lines: Array.from({ length: 1000 }, () => ({})) })).toHaveLength(20);
});

const value = fc.oneof(
  fc.constantFrom(null, 'x', '7', 7, 1.5, true, {}, []),
  fc.dictionary(fc.constantFrom('zip', 'city', 'other'), fc.constantFrom(1, 'a', null)),
);
const line = fc.oneof(value, fc.record({ number: value, sku: value }, { requiredKeys: [] }));
const body = fc.record(
  {
    id: value,
    mail: value,
    address: value,
    lines: fc.oneof(value, fc.array(line, { maxLength: 4 })),
    more: value,
  },
  { requiredKeys: [] },
);

test('the first fault of the list is that of the rejection, and the list has more', () => {
  fc.assert(
    fc.property(body, (drawn) => {
      const rejection = rejectionOf(drawn);
      if (rejection?.faults === undefined) return;
      const { entity: _entity, faults, ...first } = rejection;
      expect(faults[0]).toEqual(first);
      expect(faults.length).toBeGreaterThan(1);
      expect(new Set(faults.map(({ code, pointer, message }) => `${code} ${pointer} ${message}`)).size).toBe(
        faults.length,
      );
    }),
    { numRuns: runs(400) },
  );
});
