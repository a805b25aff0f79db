import { expect, test } from 'vitest';
import { typeName, typeNames } from '../../../src/sql/postgres/type-names.ts';
import { columnTypes } from '../../../src/types/registry.ts';

test('every column type has a name in Postgres, and no other does', () => {
  expect(Object.keys(typeNames)).toEqual([...columnTypes.keys()]);
});

test('the names are those of DDL', () => {
  const names = [...columnTypes.values()].map((column) =>
    typeName({ kind: 'scalar', column, parameters: column.name === 'decimal' ? [15, 2] : [] }),
  );
  expect(names).toEqual([
    ...['text', 'integer', 'bigint', 'numeric(15,2)', 'double precision', 'boolean'],
    ...['date', 'time', 'timestamptz', 'uuid', 'bytea', 'jsonb'],
  ]);
});

test('the length of a text is one of the column, also in a list', () => {
  const column = columnTypes.get('text');
  if (column === undefined) throw new Error('there is no text');
  const short = { kind: 'scalar', column, parameters: [25] } as const;
  expect(typeName({ kind: 'list', element: short })).toBe('varchar(25)[]');
});
