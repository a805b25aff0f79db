import { expect, test } from 'vitest';
import type { Change } from '../../../src/plan/change.ts';
import { locksFor } from '../../../src/sql/postgres/ddl/locks.ts';
import { column, key, ref, table } from '../../roles/setup/tables.ts';

const id = column('id', 'int');
const orders = table('orders', [id], [key('orders', 'id')], { schema: 'shop' });
const lines = table('lines', [id], [key('lines', 'id')]);
const index = { name: 'lines_id_idx', columns: ['id'] };

const create: Change = { kind: 'create-table', table: lines };
const add: Change = { kind: 'add-column', table: orders, column: id };
const indexed: Change = { kind: 'create-index', table: lines, index };
const comment: Change = { kind: 'comment-on-table', table: lines, text: '' };
const refer: Change = {
  kind: 'add-foreign-key',
  table: lines,
  ref: ref('lines_order_fkey', ['id'], 0),
  target: orders,
};

test.each<[what: string, changes: readonly Change[], locks: readonly string[]]>([
  ['a column', [add], ['LOCK TABLE shop.orders IN ACCESS EXCLUSIVE MODE']],
  ['an index, which stops no readers', [indexed], ['LOCK TABLE lines IN SHARE MODE']],
  ['a comment, which stops no writers', [comment], ['LOCK TABLE lines IN SHARE UPDATE EXCLUSIVE MODE']],
  [
    'both of these, of which none stands for the other',
    [indexed, comment],
    ['LOCK TABLE lines IN SHARE ROW EXCLUSIVE MODE'],
  ],
  [
    'a foreign key, in both tables',
    [refer],
    ['LOCK TABLE lines IN SHARE ROW EXCLUSIVE MODE', 'LOCK TABLE shop.orders IN SHARE ROW EXCLUSIVE MODE'],
  ],
  [
    'the strongest of several, one lock for a table',
    [comment, add, refer],
    ['LOCK TABLE lines IN SHARE ROW EXCLUSIVE MODE', 'LOCK TABLE shop.orders IN ACCESS EXCLUSIVE MODE'],
  ],
  ['nothing on a table that is not there before', [create, indexed, comment], []],
])('changes lock what they need: %s', (_what, changes, locks) => {
  // Without the quotes of each name.
  expect(locksFor(changes).map(({ text }) => text.replaceAll('"', ''))).toEqual(locks);
});
