import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/checks/analyze.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import type { Program } from '../../../src/model/program.ts';
import { compilePlan } from '../../../src/plan/compile.ts';
import type { Evaluation } from '../../../src/plan/plan.ts';
import { entitySchema, programSchema } from '../../../src/tools/schema/json-schema.ts';
import { columnTypes } from '../../../src/types/registry.ts';
import { runs } from '../../support/property-runs.ts';

function validator(schema: unknown): (body: string) => boolean {
  const ajv = new Ajv2020({ strict: false, validateSchema: true });
  formats.default(ajv);
  const validate = ajv.compile(schema as object);
  return (body) => validate(JSON.parse(body));
}

interface Both {
  readonly program: Program;
  /** Whether the schema accepts a body. */
  readonly valid: (body: string) => boolean;
  /** The code with which the pipeline rejects a body; undefined where it takes it. */
  readonly code: (body: string) => string | undefined;
}

function both(text: string, name: string): Both {
  const { program, findings, accepted } = analyze({ name: 'test.nom', text });
  if (!accepted) throw new Error(renderText(findings));
  const entity = program.entities.find((each) => each.name === name);
  const plan = compilePlan(program, 'test.nom').entities.find((each) => each.name === name);
  if (entity === undefined || plan === undefined) throw new Error(`there is no ${name}`);
  const evaluate = (body: string): Evaluation =>
    plan.evaluate({ body, headers: {}, messageId: '00000000-0000-7000-8000-000000000000', receivedAt: 0 });
  return {
    program,
    valid: validator(entitySchema(entity, program)),
    code: (body) => {
      const evaluation = evaluate(body);
      return evaluation.kind === 'rows' ? undefined : evaluation.rejection.code;
    },
  };
}

function typeText(name: string, parameters: readonly number[] = []): string {
  return parameters.length === 0 ? name : `${name}(${parameters.join(', ')})`;
}

describe.each([...columnTypes.values()])('$name', ({ name, examples }) => {
  const of = (parameters: readonly number[] | undefined): Both =>
    both(
      `entity A { id: int  value: ${typeText(name, parameters)}  store a { key (id)  upsert on (id) } }`,
      'A',
    );

  test('what the pipeline takes, its schema takes', () => {
    for (const { json, parameters } of examples.accepted) {
      const { valid, code } = of(parameters);
      const body = `{"id": 1, "value": ${json}}`;
      expect([json, code(body), valid(body)]).toEqual([json, undefined, true]);
    }
  });

  /** Letters that Postgres does not store, anywhere in a text: JSON Schema has no readable way to say it. */
  const lettersOnly = name === 'text' || name === 'json';

  test('what is of the wrong form, its schema refuses', () => {
    for (const { json, parameters, code: expected } of examples.rejected) {
      const certain = expected === 'wrong_type' || (expected === 'invalid_format' && !lettersOnly);
      if (!certain) continue;
      const { valid, code } = of(parameters);
      const body = `{"id": 1, "value": ${json}}`;
      expect([json, code(body), valid(body)]).toEqual([json, expected, false]);
    }
  });
});

const order = `
/// A total is in cents.
shape Line {
  sku:   text(5)
  parts: Line[]?
}
shape Place { city: text }
enum State { Open = "O"  Done }
entity Order @strict {
  /// The number on the invoice.
  id:     bigint
  zip:    text(5)  @json("customer.address.zip")
  name:   text?    @json("customer.name")
  note:   text?    @json("extra.note")
  place:  Place?   @json("ship.to")
  floor:  int?     @json("ship.to.floor")
  state:  State    @default("Done")
  amount: decimal(10, 2) @default(1.5)
  lines:  Line[]
  tags:   text[]?
  store orders { key (id)  upsert on (id) }
}`;

/** Codes of faults that a schema can tell from the message alone. */
const certain = [
  'missing',
  'null_not_allowed',
  'wrong_type',
  'not_in_enum',
  'unknown_field',
  'not_an_object',
];

describe('messages', () => {
  const { valid, code, program } = both(order, 'Order');
  const good = {
    id: 1,
    customer: { address: { zip: '12345' }, name: 'x' },
    lines: [{ sku: 'a', parts: [{ sku: 'b' }] }],
  };

  test.each([
    ['a whole message', good, true],
    [
      'nulls where they are allowed',
      { ...good, tags: null, extra: null, customer: { address: { zip: '1' }, name: null } },
      true,
    ],
    ['something else than an object on the way to a field that may be absent', { ...good, extra: 7 }, false],
    ['a default in place of an absent key', { ...good, state: undefined }, true],
    ['null in place of a default', { ...good, state: null }, false],
    ['a path without its end', { ...good, customer: { name: 'x' } }, false],
    ['a path through no object', { ...good, customer: 'x' }, false],
    ['another string than the enum has', { ...good, state: 'Open' }, false],
    ['a list with null in it', { ...good, tags: ['a', null] }, false],
    ['a list inside a shape', { ...good, lines: [{ sku: 'a', parts: [{ sku: 7 }] }] }, false],
    ['a key that no field reads, as the entity is strict', { ...good, more: 1 }, false],
    ['a key that no field reads, in an object inside', { ...good, lines: [{ sku: 'a', more: 1 }] }, false],
    [
      'a key that no field reads, on the way to another',
      { ...good, customer: { ...good.customer, age: 7 } },
      false,
    ],
    [
      'a key that another field reads in the object of one',
      { ...good, ship: { to: { city: 'a', floor: 1 } } },
      true,
    ],
    ['a key beside both', { ...good, ship: { to: { city: 'a' }, by: 'sea' } }, false],
    ['no object', [], false],
  ])('%s', (_what, message, accepted) => {
    const body = JSON.stringify(message);
    expect([code(body) === undefined, valid(body)]).toEqual([accepted, accepted]);
  });

  test('what a message may hold, schema and pipeline see alike', () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(
        'O',
        'a',
        1,
        null,
        [],
        {},
        [null],
        [{}],
        { address: {} },
        { to: { city: 'a' } },
        { to: { floor: 1 } },
        { zip: '1' },
        [{ sku: 'x' }],
      ),
    );
    const keys = [...Object.keys(good), 'extra', 'ship', 'state', 'amount', 'tags', 'more'];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...keys), anything), { maxLength: 3 }), (changes) => {
        const body = JSON.stringify({ ...good, ...Object.fromEntries(changes) });
        const rejected = code(body);
        const accepts = valid(body);
        expect(rejected !== undefined || accepts).toBe(true);
        expect(accepts && rejected !== undefined && certain.includes(rejected)).toBe(false);
      }),
      { numRuns: runs(2000) },
    );
  });

  test('a shape of a strict entity and of another allows more keys where both are in one document', () => {
    const shared = `shape Line { sku: text }
      entity A @strict { id: int  lines: Line[]  store a { key (id)  upsert on (id) } }
      entity B { id: int  lines: Line[]  store b { key (id)  upsert on (id) } }`;
    const { program: strictAndNot } = both(shared, 'A');
    expect(programSchema(strictAndNot)['$defs']).toMatchObject({ A: { additionalProperties: false } });
    expect(JSON.stringify(programSchema(strictAndNot)).match(/additionalProperties/g)).toHaveLength(1);
    const [a] = strictAndNot.entities;
    expect(JSON.stringify(a && entitySchema(a, strictAndNot)).match(/additionalProperties/g)).toHaveLength(2);
  });

  test('docs and defaults are in the schema', () => {
    const [entity] = program.entities;
    expect(entity === undefined ? undefined : entitySchema(entity, program)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Order',
      properties: {
        id: { description: 'The number on the invoice.' },
        state: { default: 'Done' },
        amount: { default: '1.50' },
      },
      $defs: { Line: { description: 'A total is in cents.' } },
    });
  });
});

test('every real message of the TPC-H pipeline is valid', () => {
  const folder = new URL('../../../pipelines/', import.meta.url);
  const text = readFileSync(new URL('tpch.nom', folder), 'utf8');
  for (const name of ['Region', 'Nation', 'Supplier', 'Customer', 'Part', 'Order']) {
    const { valid } = both(text, name);
    const lines = readFileSync(new URL(`tpch/${name.toLowerCase()}.ndjson`, folder), 'utf8')
      .trim()
      .split('\n');
    expect(lines.filter((line) => !valid(line))).toEqual([]);
  }
});

test('one document defines every entity and its shapes', () => {
  const { program } = both(order, 'Order');
  const document = programSchema(program);
  expect(Object.keys(document['$defs'] as object)).toEqual(['Order', 'Place', 'Line']);
  const valid = validator({ ...document, $ref: '#/$defs/Order' });
  expect(valid('{"id": 1, "customer": {"address": {"zip": "1"}}, "lines": [{"sku": "a"}]}')).toBe(true);
  expect(valid('{"id": 1, "customer": {"address": {"zip": "1"}}, "lines": [{}]}')).toBe(false);
});

test('a raw body is text', () => {
  const text = 'entity A { id: text @header("x-id")  raw: text @body  store a { key (id)  upsert on (id) } }';
  const { program } = both(text, 'A');
  const [entity] = program.entities;
  expect(entity === undefined ? undefined : entitySchema(entity, program)).toMatchObject({ type: 'string' });
});
