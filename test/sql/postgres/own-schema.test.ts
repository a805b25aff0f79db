import { expect, test } from 'vitest';
import { MIGRATIONS as QUEUE } from '../../../src/adapters/postgres-queue/migrations.ts';
import { MIGRATIONS as LEDGER } from '../../../src/sql/postgres/ledger/migrations.ts';
import { textInSchema } from '../../../src/sql/postgres/own-schema.ts';

test.each([
  [
    'SELECT FROM message_status AS s WHERE s.message_id = $1',
    'SELECT FROM "own".message_status AS s WHERE s.message_id = $1',
  ],
  [`SELECT pg_relation_size('message_status')`, `SELECT pg_relation_size('"own".message_status')`],
  ['SELECT nomnom_queue_ack($1, $2)', 'SELECT "own".nomnom_queue_ack($1, $2)'],
  [
    'INSERT INTO dead_letters (body) SELECT dead_letters_of',
    'INSERT INTO "own".dead_letters (body) SELECT dead_letters_of',
  ],
  ['DELETE FROM "nomnom_deleted_orders"', 'DELETE FROM "nomnom_deleted_orders"'],
  [
    'SELECT FROM theirs.message_status, message_statuses',
    'SELECT FROM theirs.message_status, message_statuses',
  ],
])('a statement names our own tables in their schema, and no others: %s', (text, expected) => {
  expect(textInSchema(text, 'own')).toBe(expected);
});

test('everything of our own that a migration makes has a name that is found in statements', () => {
  const sql = [...LEDGER.flatMap(({ statements }) => statements), ...QUEUE.map((each) => each.sql)].join(
    '\n',
  );
  const made = [...sql.matchAll(/CREATE (?:TABLE|FUNCTION|SEQUENCE) (?:IF NOT EXISTS )?(\w+)/g)].map(
    ([, name = '']) => name,
  );
  expect(made.length).toBeGreaterThan(15);
  expect(made.filter((name) => textInSchema(name, 'own') !== `"own".${name}`)).toEqual([]);
});
