import { expect, test } from 'vitest';
import { readJson } from '../../src/types/json-reader.ts';
import { columnTypes } from '../../src/types/registry.ts';
import { isRefusal } from '../../src/types/value.ts';
import { decoded } from './decoding.ts';

const types = [...columnTypes.values()];

test('every type of the language has its column type, under its own name', () => {
  expect([...columnTypes.keys()]).toEqual([
    ...['text', 'int', 'bigint', 'decimal', 'float', 'bool'],
    ...['date', 'time', 'timestamp', 'uuid', 'bytes', 'json'],
  ]);
  for (const [name, type] of columnTypes) expect(type.name).toBe(name);
});

test.each(types)('$name accepts what its reference page says it accepts', (type) => {
  for (const { json, text, parameters } of type.examples.accepted) {
    expect({ json, ...decoded(type, json, parameters) }).toEqual({ json, text });
  }
  expect(type.examples.accepted).not.toEqual([]);
});

test.each(types)('$name refuses what its reference page says it refuses', (type) => {
  for (const { json, code, parameters } of type.examples.rejected) {
    expect({ json, ...decoded(type, json, parameters) }).toEqual({ json, code });
  }
  expect(type.examples.rejected).not.toEqual([]);
});

test.each(types.filter((type) => type.name !== 'json'))('$name refuses every list and object', (type) => {
  const { parameters } = type.examples.accepted[0] ?? {};
  for (const json of ['[]', '{}', '["1"]', '{"a": 1}', '[true]', '{"rawJSON": "1"}']) {
    expect({ json, ...decoded(type, json, parameters) }).toEqual({ json, code: 'wrong_type' });
  }
});

test.each(types)('$name says what it expected and found without telling the value', (type) => {
  for (const { json, parameters = [] } of type.examples.rejected) {
    const read = readJson(json);
    if (read.kind === 'invalid') throw new Error(json);
    const refusal = type.decoder(parameters)(read.value);
    if (!isRefusal(refusal)) throw new Error(json);
    expect(refusal.expected).not.toBe('');
    expect(refusal.found).not.toBe('');
    const told =
      typeof read.value === 'string' && read.value.length > 2 && refusal.found.includes(read.value);
    expect({ json, told }).toEqual({ json, told: false });
  }
});

test.each(types)('$name prints values that it reads again as the same value', (type) => {
  for (const { json, parameters } of type.examples.accepted) {
    const read = readJson(json);
    if (read.kind === 'invalid') throw new Error(json);
    const value = type.decoder(parameters ?? [])(read.value);
    if (isRefusal(value)) throw new Error(json);
    const again = readJson(JSON.stringify(type.toJson(value)));
    if (again.kind === 'invalid') throw new Error(json);
    expect(type.decoder(parameters ?? [])(again.value)).toEqual(type.name === 'float' ? value || 0 : value);
  }
});

test('values are in one order: numbers by size, texts by code unit, moments by time', () => {
  const ascending: Readonly<Record<string, readonly string[]>> = {
    int: ['-5', '0', '7', '"10"'],
    bigint: ['-9223372036854775808', '-1', '9007199254740992', '9007199254740993', '"9223372036854775807"'],
    decimal: ['-10', '-9.5', '0', '0.01', '2', '10', '123456789012345678.01', '123456789012345678.02'],
    float: ['-1e300', '-1', '0', '1e-300', '2'],
    text: ['""', '"B"', '"a"', '"ab"', '"b"'],
    date: ['"0999-12-31"', '"1996-01-02"', '"1996-01-10"'],
    time: ['"00:00:00"', '"10:00:00"', '"10:00:00.25"', '"10:00:00.5"', '"10:00:01"'],
    timestamp: [
      '"1996-01-02T12:00:00+03:00"',
      '"1996-01-02T10:00:00Z"',
      '"1996-01-02T10:00:00.25Z"',
      '"1996-01-02T10:00:00.5Z"',
      '"1996-01-02T10:00:01Z"',
    ],
    uuid: ['"00000000-0000-0000-0000-000000000001"', '"A0000000-0000-0000-0000-000000000000"'],
  };
  for (const type of types) {
    const { compare } = type;
    if (compare === undefined) continue;
    const parameters = type.name === 'decimal' ? [20, 2] : [];
    const values = (ascending[type.name] ?? []).map((json) => {
      const read = readJson(json);
      if (read.kind === 'invalid') throw new Error(json);
      const value = type.decoder(parameters)(read.value);
      if (isRefusal(value)) throw new Error(`${type.name} ${json}: ${value.code}`);
      return value;
    });
    expect(values.length).toBeGreaterThan(1);
    values.forEach((left, i) => {
      values.forEach((right, j) => {
        expect([type.name, i, j, Math.sign(compare(left, right))]).toEqual([
          type.name,
          i,
          j,
          Math.sign(i - j),
        ]);
      });
    });
  }
});

test('parameters outside what Postgres allows are known before any table is made', () => {
  const decimal = columnTypes.get('decimal');
  expect(decimal?.parametersRequired).toBe(true);
  expect(decimal?.checkParameters?.([15, 2])).toBeUndefined();
  expect(decimal?.checkParameters?.([2, 2])).toBeUndefined();
  expect(decimal?.checkParameters?.([2, 3])).toBe('the scale 3 is greater than the precision 2');
});
