import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ColumnValue } from '../../src/plan/plan.ts';
import { arrayWriter } from '../../src/sql/postgres/binary/arrays.ts';
import { carrierOf } from '../../src/sql/postgres/parameters.ts';
import { typeName } from '../../src/sql/postgres/type-names.ts';
import type { ColumnType, TypeParameters } from '../../src/types/column-type.ts';
import { readJson } from '../../src/types/json-reader.ts';
import { columnTypes } from '../../src/types/registry.ts';
import { isRefusal, type Value } from '../../src/types/value.ts';
import { freshDatabase } from '../support/database.ts';
import { columnType } from '../types/decoding.ts';
import { exactNumber } from '../types/exact-number.ts';

const client = new Client({ connectionString: (await freshDatabase()).url });

beforeAll(async () => {
  await client.connect();
  // Far from UTC and with a half hour, so that a moment that leaned on the session's zone would move.
  await client.query(`SET TIME ZONE 'Asia/Kolkata'`);
});

afterAll(() => client.end());

/** The values of JSON that is accepted, as a worker has them. */
function accepted(type: ColumnType, parameters: TypeParameters, jsons: readonly string[]): readonly Value[] {
  const decode = type.decoder(parameters);
  return jsons.flatMap((json) => {
    const read = readJson(json);
    if (read.kind === 'invalid') throw new Error(json);
    const value = decode(read.value);
    // A list is no value of a column type.
    return isRefusal(value) ? [] : [value as Exclude<Value, readonly Value[]>];
  });
}

/** Sends values as one array through `unnest` into a column, as the worker does, and gives what the column then prints. */
async function stored(
  holds: ColumnValue,
  values: readonly Value[],
  print = 'value::text',
): Promise<readonly (string | null)[]> {
  const column = { holds };
  await client.query(`CREATE TEMPORARY TABLE landed (position bigint, value ${typeName(holds)})`);
  try {
    await client.query(
      `INSERT INTO landed (position, value)
       SELECT position, value::${typeName(holds)} FROM unnest($1::${carrierOf(column).type}[]) WITH ORDINALITY AS given (value, position)`,
      [arrayWriter(100).array(carrierOf(column).format, values, (value) => value)],
    );
    const { rows } = await client.query<{ text: string | null }>(
      `SELECT ${print} AS text FROM landed ORDER BY position`,
    );
    return rows.map((row) => row.text);
  } finally {
    await client.query('DROP TABLE landed');
  }
}

function scalar(column: ColumnType, parameters: TypeParameters = []): ColumnValue {
  return { kind: 'scalar', column, parameters };
}

/** The same values on every run, so that a failure can be seen again. */
function sample<T>(arbitrary: fc.Arbitrary<T>): readonly T[] {
  return fc.sample(arbitrary, { numRuns: 3000, seed: 20_261 });
}

const decimalText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,30}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,3}$/), fc.stringMatching(/^\.[0-9]{1,25}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^e-?[0-9]{1,2}$/)),
    fc.boolean(),
  )
  .map(([sign, whole, fraction, exponent, quoted]) => {
    const text = sign + whole + fraction + exponent;
    return quoted ? `"${text}"` : text;
  });

const two = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
const dateText = fc
  .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map(([year, month, day]) => [String(year).padStart(4, '0'), ...[month, day].map(padded)].join('-'));
const clockText = fc
  .tuple(two(23), two(59), two(59), fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,6}0{0,3}$/)))
  .map(([hour, minute, second, fraction]) => `${hour}:${minute}:${second}${fraction}`);

function padded(value: number): string {
  return String(value).padStart(2, '0');
}

/** Text with everything that means something in an array literal, a string or UTF-8. */
const trickyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        'NULL',
        'null',
        '{',
        '}',
        ',',
        '"',
        '\\',
        ' ',
        '\t',
        '\n',
        '\v',
        '\f',
        '\u00a0',
        '\u2028',
        '🚀',
        "'",
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

interface Case {
  readonly type: string;
  readonly parameters: TypeParameters;
  readonly json: fc.Arbitrary<string>;
  /** SQL for the text of a stored value where `value::text` is spelt another way than nomnom's text. */
  readonly print?: string;
}

const cases: readonly Case[] = [
  { type: 'text', parameters: [], json: trickyText.map((text) => JSON.stringify(text)) },
  { type: 'text', parameters: [7], json: trickyText.map((text) => JSON.stringify(text)) },
  { type: 'int', parameters: [], json: fc.integer().map(String) },
  { type: 'bigint', parameters: [], json: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) },
  { type: 'decimal', parameters: [15, 2], json: decimalText },
  { type: 'decimal', parameters: [40, 20], json: decimalText },
  { type: 'decimal', parameters: [38, 0], json: decimalText },
  { type: 'decimal', parameters: [5, 5], json: decimalText },
  { type: 'decimal', parameters: [1000, 500], json: decimalText },
  { type: 'bool', parameters: [], json: fc.boolean().map(String) },
  { type: 'date', parameters: [], json: dateText.map((text) => `"${text}"`) },
  { type: 'time', parameters: [], json: clockText.map((text) => `"${text}"`) },
  {
    type: 'timestamp',
    parameters: [],
    json: fc
      .tuple(
        dateText,
        clockText,
        fc.oneof(
          fc.constant('Z'),
          fc.tuple(two(23), two(59)).map(([h, m]) => `+${h}:${m}`),
        ),
      )
      .map(([date, clock, offset]) => `"${date}T${clock}${offset}"`),
    print: `(to_json(value AT TIME ZONE 'UTC') #>> '{}') || 'Z'`,
  },
  { type: 'uuid', parameters: [], json: fc.uuid().map((uuid) => JSON.stringify(uuid.toUpperCase())) },
  {
    type: 'bytes',
    parameters: [],
    json: fc
      .uint8Array({ maxLength: 60 })
      .map((bytes) => JSON.stringify(Buffer.from(bytes).toString('base64'))),
  },
];

test.each(cases)('every accepted $type($parameters) is stored as it was sent', async (each) => {
  const type = columnType(each.type);
  const values = accepted(type, each.parameters, sample(each.json));
  expect(values.length).toBeGreaterThan(100);
  const texts = values.map(type.toText);
  const holds = scalar(type, each.parameters);
  expect(await stored(holds, [null, ...values, null], each.print)).toEqual([null, ...texts, null]);
});

test.each(cases)('lists of $type($parameters) are stored with all their elements', async (each) => {
  const type = columnType(each.type);
  const values = accepted(type, each.parameters, sample(each.json).slice(0, 300));
  const list: ColumnValue = { kind: 'list', element: scalar(type, each.parameters) };
  const print = each.print?.replaceAll('value', 'element') ?? 'element::text';
  const printed = await stored(
    list,
    [values],
    `(SELECT array_to_json(array_agg(${print} ORDER BY n))::text FROM unnest(value) WITH ORDINALITY AS u (element, n))`,
  );
  expect(JSON.parse(printed[0] ?? '')).toEqual(values.map(type.toText));
});

test.each(cases)('no value, and nulls alone, of $type($parameters) are stored as such', async (each) => {
  const holds = scalar(columnType(each.type), each.parameters);
  expect(await stored(holds, [])).toEqual([]);
  expect(await stored(holds, [null, null])).toEqual([null, null]);
});

test('the examples of every type are stored as the reference says', async () => {
  for (const type of columnTypes.values()) {
    for (const { json, text, parameters = [] } of type.examples.accepted) {
      const print = cases.find((each) => each.type === type.name)?.print;
      const printed = await stored(scalar(type, parameters), accepted(type, parameters, [json]), print);
      expect({ type: type.name, json, printed }).toEqual({ type: type.name, json, printed: [text] });
    }
  }
});

test('every accepted float is stored as the same double', async () => {
  const float = columnType('float');
  const jsons = sample(fc.double({ noNaN: true, noDefaultInfinity: true })).map((value) =>
    JSON.stringify(value),
  );
  const values = accepted(float, [], [...jsons, '-0.0', '5e-324', '1.7976931348623157e308']);
  expect((await stored(scalar(float), values)).map(Number)).toEqual(values);
});

/** JSON with keys in order and numbers in one spelling, so that equal values have equal texts. */
function normalJson(text: string): string {
  const keep = (_key: string, value: unknown, context: { source?: string }) => {
    if (typeof value === 'number') return exactNumber(context.source ?? '');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
  return JSON.stringify(JSON.parse(text, keep as (key: string, value: unknown) => unknown));
}

test('every accepted json is stored with its structure, its strings and all digits of its numbers', async () => {
  const json = columnType('json');
  const single = fc.oneof(
    trickyText.map((text) => JSON.stringify(text)),
    decimalText.filter((text) => !text.startsWith('"')),
    fc.constantFrom('true', 'false', 'null'),
  );
  const nested = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      single,
      fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
      fc
        .array(fc.tuple(trickyText, tie('value')), { maxLength: 4 })
        .map((items) => new Map(items.filter(([key]) => key !== '__proto__')))
        .map(
          (items) => `{${[...items].map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(', ')}}`,
        ),
    ),
  })).value;
  const texts = accepted(json, [], sample(nested)).map(json.toText);
  expect(texts.length).toBeGreaterThan(1000);
  expect((await stored(scalar(json), texts)).map((text) => normalJson(text ?? ''))).toEqual(
    texts.map(normalJson),
  );
});

test('json is accepted up to the very limits of numbers in jsonb, and no further', async () => {
  const json = columnType('json');
  const within = ['1e131071', '-1e131071', '[1e-16383]', `0.${'0'.repeat(16_382)}1`, '9'.repeat(131_072)];
  const beyond = ['1e131072', '[{"a": 1e-16384}]', `0.${'0'.repeat(16_383)}1`, '9'.repeat(131_073)];
  expect(await stored(scalar(json), accepted(json, [], within))).toHaveLength(within.length);
  expect(accepted(json, [], beyond)).toEqual([]);
  for (const text of beyond) {
    await expect(client.query('SELECT $1::jsonb', [text])).rejects.toThrow('overflows numeric format');
  }
});

test('the widest decimals and the longest texts that a program may declare can be stored', async () => {
  const decimal = columnType('decimal');
  const widest = `${'9'.repeat(500)}.${'9'.repeat(500)}`;
  expect(await stored(scalar(decimal, [1000, 500]), [widest])).toEqual([widest]);
  const text = columnType('text');
  const longest = text.parameters.map((parameter) => parameter.max);
  expect(await stored(scalar(text, longest), ['a'])).toEqual(['a']);
});
