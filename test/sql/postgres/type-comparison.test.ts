import { expect, test } from 'vitest';
import { holdsAll, sameType, widensInPlace } from '../../../src/sql/postgres/ddl/type-comparison.ts';

test.for([
  ['varchar(25)', 'character varying(25)'],
  ['timestamptz', 'timestamp with time zone'],
  ['time', 'time without time zone'],
  ['numeric(15,2)', 'numeric(15, 2)'],
  ['int[]', 'integer[]'],
])('%s and %s are one type', ([left, right]) => {
  expect(sameType(left ?? '', right ?? '')).toBe(true);
});

test.for([
  ['varchar(25)', 'varchar(26)'],
  ['numeric(15,2)', 'numeric'],
  ['text', 'text[]'],
  ['timestamptz', 'timestamp'],
])('%s and %s are two types', ([left, right]) => {
  expect(sameType(left ?? '', right ?? '')).toBe(false);
});

test.for([
  ['text', 'varchar(5)', true],
  ['varchar', 'varchar(5)', true],
  ['varchar(5)', 'varchar(6)', false],
  ['varchar(5)', 'text', false],
  ['bigint', 'int', true],
  ['int', 'bigint', false],
  ['numeric', 'numeric(15,2)', true],
  ['numeric(17,4)', 'numeric(15,2)', true],
  ['numeric(16,4)', 'numeric(15,2)', false],
  ['numeric(15,2)', 'numeric', false],
  ['text[]', 'varchar(5)[]', true],
  ['text', 'varchar(5)[]', false],
  ['text', 'int', false],
] as const)('a %s column holds every %s: %s', ([wide, narrow, holds]) => {
  expect(holdsAll(wide, narrow)).toBe(holds);
});

test.for([
  ['varchar(5)', 'varchar(6)', true],
  ['varchar(5)', 'text', true],
  ['numeric(5,2)', 'numeric(6,2)', true],
  ['numeric(5,2)', 'numeric(9,4)', false],
  ['int', 'bigint', false],
  ['varchar(6)', 'varchar(5)', false],
] as const)('%s widens to %s without a rewrite: %s', ([from, to, widens]) => {
  expect(widensInPlace(from, to)).toBe(widens);
});
