import { describe, expect, test } from 'vitest';
import { codesOf, codesOfFields } from './finding-codes.ts';

describe('a value that may be null is found where null is not allowed', () => {
  test.each([
    'a: int?  v: int = a',
    'a: int?  v: int = a + 1',
    'a: int?  v: int = -a',
    'a: int?  v: bool = a > 1',
    'a: bool?  v: bool = not a',
    'a: bool?  v: bool = a and id > 0',
    'a: bool?  v: int = if a then 1 else 2',
    'a: bool?  check a',
    'a: int?  v: int = if a == null then a else 1',
    'a: int?  v: bool = a == null and a > 1',
    'a: int?  v: bool = a != null or a > 1',
    'a: int?  b: int?  v: int = if a != null or b != null then a else 1',
    'a: int?  b: int?  v: int = a ?? b',
    'v: int = null',
    'v: int @default(null)',
    'a: bool  v: int = if a then null else 1',
  ])('%s', (fields) => {
    expect(codesOfFields(fields)).toEqual(['NOM302']);
  });
});

describe('a comparison with null makes a value non-null where it guarantees that', () => {
  test.each([
    'a: int?  v: int = a ?? 0',
    'a: int?  v: int = if a != null then a else 0',
    'a: int?  v: int = if a == null then 0 else a',
    'a: int?  v: int = if null != a then a else 0',
    'a: int?  v: int = if not (a == null) then a else 0',
    'a: int?  v: bool = a != null and a > 1',
    'a: int?  v: bool = a == null or a > 1',
    'a: int?  b: int?  v: int = if a != null and b != null then a + b else 0',
    'a: int?  b: int?  v: int = if a == null or b == null then 0 else a + b',
    'a: int?  b: bool  v: int = if b and a != null then a else 0',
    'a: int?  v: int? = a + 1',
    'a: int?  v: int? = null',
    'a: int?  v: bool = a == 1',
  ])('%s', (fields) => {
    expect(codesOfFields(fields)).toEqual([]);
  });

  const derived = (head: string, fields: string) => `
    shape Part { n: int? }
    entity T { id: int  a: int?  part: Part?  parts: Part[]  store t { key (id)  upsert on (id) } }
    derive D from T as t${head} { id: int = t.id  ${fields}  store d { key (id)  upsert on (id) } }`;

  test('`where` narrows every field, also those that a spread brings', () => {
    expect(codesOf(derived(' where t.a != null', 'v: int = t.a'))).toEqual([]);
    expect(codesOf(derived('', 'v: int = t.a'))).toEqual(['NOM302']);
    const spread = `
      entity T { id: int  a: int?  store t { key (id)  upsert on (id) } }
      derive D from T as t where t.a != null { ...t  b: int = a  store d { key (id)  upsert on (id) } }`;
    expect(codesOf(spread)).toEqual([]);
  });

  test('a row that may be missing needs `?.`, unless it is known to be there', () => {
    expect(codesOf(derived('', 'v: int? = t.part.n'))).toEqual(['NOM302']);
    expect(codesOf(derived('', 'v: int? = t.part?.n'))).toEqual([]);
    expect(codesOf(derived(' where t.part != null', 'v: int? = t.part.n'))).toEqual([]);
    expect(codesOf(derived(' where t.part?.n != null', 'v: int = t.part?.n'))).toEqual([]);
  });

  test('an optional source may be missing', () => {
    const optional = (use: string) => `
      entity T { id: int  a: int?  store t { key (id)  upsert on (id) } }
      derive A from T as t where t.a != null { a: int = t.a }
      derive D from T as t, optional A as x { id: int = t.id  v: int? = ${use}  store d { key (id)  upsert on (id) } }`;
    expect(codesOf(optional('x.a'))).toEqual(['NOM302']);
    expect(codesOf(optional('x?.a'))).toEqual([]);
    expect(codesOf(optional('if x != null then x.a else null'))).toEqual([]);
  });
});

test('an object as a source is there in each row; with `optional` it may be missing', () => {
  const source = (mode: string, use: string) => `
    shape Part { n: int }
    entity T { id: int  part: Part?  store t { key (id)  upsert on (id) } }
    derive D from T as t, ${mode} t.part as p { id: int = t.id  v: int? = ${use}  store d { key (id)  upsert on (id) } }`;
  expect(codesOf(source('', 'p.n'))).toEqual([]);
  expect(codesOf(source('optional', 'p.n'))).toEqual(['NOM302']);
  expect(codesOf(source('optional', 'p?.n'))).toEqual([]);
});
