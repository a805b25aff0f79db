import { beforeAll, beforeEach, expect, test } from 'vitest';
import { apply } from './apply-all.ts';
import { planOf } from '../../support/plan.ts';
import { openProgramTables } from './program-tables.ts';

const plan = planOf(`
  entity Page {
    id: int  revision: text(20)  gone: bool @default(false)  links: int[]
    store pages { key (id)  upsert on (id) newest by revision  delete when gone }
  }
  shape Target { to: int }
  entity Links {
    id: int  revision: text  list: Target[]
  }
  derive Link from Links as l, each l.list as target {
    page = l.id  to = target.to  revision = l.revision
    store links { key (page, to)  upsert on (page, to) newest by revision  prune by (page) }
  }
`);
const { write, store, message } = await openProgramTables(plan, 2);

/** By the columns' own collation "a" comes before "B", as people sort; by code point it comes behind. */
beforeAll(async () => {
  for (const [table, type] of [
    ['pages', 'varchar(20)'],
    ['nomnom_deleted_pages', 'varchar(20)'],
    ['links', 'text'],
  ])
    await store.sql.query({
      text: `ALTER TABLE ${table} ALTER COLUMN revision TYPE ${type} COLLATE "und-x-icu"`,
    });
});
beforeEach(() =>
  store.sql.query({ text: 'TRUNCATE message_status, pages, nomnom_deleted_pages, links' }).then(() => {}),
);

const page = (revision: string, gone = false) => message('Page', { id: 1, revision, gone, links: [] });
const links = (revision: string, list: readonly number[]) =>
  message('Links', { id: 1, revision, list: list.map((to) => ({ to })) });

const revisions = async (table: string) =>
  (await store.sql.query({ text: `SELECT revision FROM ${table}` })).rows.map((row) => row['revision']);

/** Older, newer. The second pair is the other way round by UTF-16 units. */
const PAIRS = [
  ['B', 'a'],
  ['\u{fffd}', '\u{1f680}'],
] as const;

test('the columns would by themselves be compared otherwise', async () => {
  await store.sql.query({ text: `INSERT INTO links VALUES (1, 1, 'a'), (1, 2, 'B')` });
  const { rows } = await store.sql.query({ text: 'SELECT max(revision) AS newest FROM links' });
  expect(rows).toEqual([{ newest: 'B' }]);
});

test.each(PAIRS)('%s is older than %s within a batch and between batches', async (older, newer) => {
  for (const order of [
    [older, newer],
    [newer, older],
  ]) {
    await store.sql.query({ text: 'TRUNCATE message_status, pages' });
    await apply(
      store,
      write,
      order.map((each) => page(each)),
    );
    expect(await revisions('pages')).toEqual([newer]);
    await store.sql.query({ text: 'TRUNCATE pages' });
    for (const each of order) await apply(store, write, [page(each)]);
    expect(await revisions('pages')).toEqual([newer]);
  }
});

test.each(PAIRS)('a deletion of %s neither takes nor keeps out a row of %s', async (older, newer) => {
  await apply(store, write, [page(newer)]);
  const late = page(older, true);
  expect(await apply(store, write, [late])).toMatchObject({ superseded: [late] });
  await store.sql.query({ text: 'TRUNCATE pages' });
  await apply(store, write, [page(older, true)]);
  await apply(store, write, [page(newer)]);
  expect([await revisions('pages'), await revisions('nomnom_deleted_pages')]).toEqual([[newer], []]);
  await apply(store, write, [page(older)]);
  expect(await revisions('pages')).toEqual([newer]);
});

test.each(PAIRS)('a list of %s prunes nothing of one of %s, and is pruned by it', async (older, newer) => {
  await apply(store, write, [links(newer, [1])]);
  await apply(store, write, [links(older, [])]);
  expect(await revisions('links')).toEqual([newer]);
  await store.sql.query({ text: 'TRUNCATE links' });
  await apply(store, write, [links(older, [1])]);
  await apply(store, write, [links(newer, [])]);
  expect(await revisions('links')).toEqual([]);
});
