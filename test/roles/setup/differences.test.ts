import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { tablesOf } from '../../../src/plan/tables-of.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { compareTables } from '../../../src/roles/setup/compare.ts';
import { lacksNullsEqual } from '../../../src/sql/postgres/catalog/versions.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { column, key, planOfTables, ref, table, unique } from './tables.ts';

const database = await freshDatabase();
const store = openStore({ url: database.url, max: 2, log: memoryLog() });
afterAll(() => store.close());

async function run(...statements: readonly string[]): Promise<void> {
  for (const text of statements) await store.sql.query({ text });
}

/** `CODE what: expected | found`, with `!` in front where apply can fix it. */
async function differences(plan: Plan): Promise<string[]> {
  const found = compareTables(plan, await store.catalog.readTables(tablesOf(plan))).differences;
  return found.map(
    (one) => `${one.fixable ? '! ' : ''}${one.code} ${one.what}: ${one.expected} | ${one.found}`,
  );
}

const lines = (name: string) =>
  table(
    name,
    [column('a', 'int'), column('b', 'int'), column('c', 'int', { nullable: true })],
    [unique(`${name}_key`, ['a', 'b'])],
  );

const NOM901 = (name: string) =>
  `NOM901 table ${name}, unique (a, b): a usable unique index on exactly these columns |`;

test.for([
  ['nothing', [], 'none'],
  [
    'partial',
    ['CREATE UNIQUE INDEX partial_i ON partial (a, b) WHERE c > 0'],
    'only index partial_i (a, b), which is partial (WHERE (c > 0))',
  ],
  [
    'deferred',
    ['ALTER TABLE deferred ADD CONSTRAINT deferred_u UNIQUE (a, b) DEFERRABLE'],
    'only index deferred_u (a, b), which is deferrable',
  ],
  [
    'expression',
    ['CREATE UNIQUE INDEX expression_i ON expression (a, (b + 1))'],
    'only index expression_i (a, an expression), which is on an expression',
  ],
  [
    'subset',
    ['ALTER TABLE subset ADD CONSTRAINT subset_u UNIQUE (a)'],
    'only index subset_u (a), which is without (b)',
  ],
  [
    'superset',
    ['CREATE UNIQUE INDEX superset_i ON superset (a, b, c)'],
    'only index superset_i (a, b, c), which is with (c) as well',
  ],
  ['plain', ['CREATE INDEX plain_i ON plain (b, a)'], 'only index plain_i (b, a), which is not unique'],
] as const)(
  'an upsert key is not backed by an index that is %s: NOM901',
  async ([name, statements, found]) => {
    await run(`CREATE TABLE ${name} (a int NOT NULL, b int NOT NULL, c int)`, ...statements);
    expect(await differences(planOfTables(lines(name)))).toEqual([`! ${NOM901(name)} ${found}`]);
  },
);

test('an upsert key is not backed by an index that is invalid: NOM901', async () => {
  await run(
    `CREATE TABLE broken (a int NOT NULL, b int NOT NULL, c int)`,
    `INSERT INTO broken VALUES (1, 1), (1, 1)`,
  );
  const building = run('CREATE UNIQUE INDEX CONCURRENTLY broken_key ON broken (a, b)');
  await expect(building).rejects.toMatchObject({ code: 'STORE_REFUSED' });
  expect(await differences(planOfTables(lines('broken')))).toEqual([
    `${NOM901('broken')} only index broken_key (a, b), which is invalid`,
  ]);
});

test('an upsert key whose nulls must be equal is not backed by an index that keeps them apart: NOM901', async () => {
  await run('CREATE TABLE apart (a int, b int, UNIQUE (a, b))');
  const nullable = [column('a', 'int', { nullable: true }), column('b', 'int', { nullable: true })];
  const equal = table('apart', nullable, [unique('apart_key', ['a', 'b'], true)]);
  expect(await differences(planOfTables(equal))).toEqual([
    '! NOM901 table apart, unique (a, b) nulls equal: a usable unique index on exactly these columns | ' +
      'only index apart_a_b_key (a, b), which is NULLS DISTINCT',
  ]);
});

test('a usable index of any name and column order backs an upsert key', async () => {
  await run(
    'CREATE TABLE fine (a int NOT NULL, b int NOT NULL, c int)',
    'CREATE UNIQUE INDEX whatever ON fine (b, a) INCLUDE (c)',
  );
  expect(await differences(planOfTables(lines('fine')))).toEqual([]);
});

test('a table in partitions, which does not tell which rows are new, has to be declared as existing where that decides', async () => {
  await run(
    'CREATE TABLE parts (a int NOT NULL, b int NOT NULL, c int, PRIMARY KEY (a, b)) PARTITION BY HASH (a)',
    'CREATE TABLE part_0 PARTITION OF parts FOR VALUES WITH (MODULUS 1, REMAINDER 0)',
  );
  const plain = lines('parts');
  const deciding = { ...plain, upsert: { ...plain.upsert, decides: true } };
  expect(await differences(planOfTables(deciding))).toEqual([
    'NOM902 table parts, partitions: a table without partitions, or `store parts existing` | a partitioned table',
  ]);
  expect(await differences(planOfTables({ ...deciding, existing: true }))).toEqual([]);
  expect(await differences(planOfTables(plain))).toEqual([]);
});

test('a server that does not know NULLS NOT DISTINCT is refused by its version', async () => {
  const equal = table(
    'future',
    [column('a', 'int', { nullable: true })],
    [unique('future_key', ['a'], true)],
  );
  const plan = planOfTables(equal);
  const live = { ...(await store.catalog.readTables([equal])), lacksNullsEqual: lacksNullsEqual(140_011) };
  expect(compareTables(plan, live)).toEqual({
    differences: [
      {
        code: 'NOM901',
        what: 'table future, unique (a) nulls equal',
        expected: 'Postgres 15 or newer, which knows NULLS NOT DISTINCT',
        found: 'Postgres 14',
        fixable: false,
      },
    ],
    repairs: [],
  });
});

test('every other difference of a managed table is NOM902, with both values', async () => {
  await run(
    'CREATE TABLE parents (id int PRIMARY KEY)',
    'CREATE TABLE others (id int PRIMARY KEY)',
    `CREATE TABLE children (
      id int PRIMARY KEY,
      counted bigint NOT NULL,
      needed text,
      made int GENERATED ALWAYS AS (1) STORED,
      kind text NOT NULL,
      parent int NOT NULL REFERENCES others (id),
      later int REFERENCES parents (id),
      region text NOT NULL
    )`,
    'CREATE INDEX children_kind_idx ON children (kind) WHERE id > 0',
    'CREATE VIEW seen AS SELECT 1 AS id',
  );
  const plan = planOfTables(
    table('parents', [column('id', 'int')], [key('parents', 'id')]),
    table(
      'children',
      [
        column('id', 'int'),
        column('counted', 'int'),
        column('needed', 'text'),
        column('made', 'int', { nullable: true }),
        column('kind', 'text', { allowed: ['a', 'b'] }),
        column('parent', 'int'),
        column('later', 'int', { nullable: true }),
        column('note', 'text', { nullable: true }),
      ],
      [key('children', 'id'), unique('children_kind_key', ['kind', 'note'])],
      {
        indexes: [
          { name: 'children_kind_idx', columns: ['kind'] },
          { name: 'children_note_idx', columns: ['note', 'kind'] },
        ],
        refs: [
          ref('children_parent_fkey', ['parent'], 0, { targetColumns: ['id'] }),
          ref('children_later', ['later'], 0, { targetColumns: ['id'], soft: true }),
        ],
      },
    ),
    table('seen', [column('id', 'int')], [key('seen', 'id')]),
  );
  expect(await differences(plan)).toEqual([
    'NOM902 table children, column counted: integer | bigint',
    '! NOM902 table children, column needed: NOT NULL | nullable',
    'NOM902 table children, column made: integer | a generated column, which cannot be written',
    '! NOM902 table children, column note: text | no such column',
    'NOM902 table children, column region: no such column, or one that is nullable or has a default | ' +
      'text NOT NULL without a default, which refuses every row',
    '! NOM902 table children, unique (kind, note): a usable unique index on exactly these columns | none',
    "! NOM902 table children, column kind, allowed strings: 'a', 'b' | no check",
    'NOM902 table children, index (kind): a valid index that begins with these columns | ' +
      'index children_kind_idx (kind), which is partial (WHERE (id > 0))',
    '! NOM902 table children, index (note, kind): a valid index that begins with these columns | none',
    '! NOM902 table children, ref (parent) -> parents (id): a foreign key | ' +
      'only foreign key children_parent_fkey to others (id)',
    'NOM902 table children, ref (later) -> parents (id) soft: no foreign key, since the parent may arrive later | ' +
      'foreign key children_later_fkey',
    'NOM902 table seen: a table | another object with that name',
  ]);
});

test("the user's own table may be wider than the plan, and is never altered", async () => {
  await run(
    `CREATE TABLE own (
      id bigint PRIMARY KEY,
      name text,
      price numeric(20,4) NOT NULL,
      kind character varying(10),
      extra text,
      filled int NOT NULL DEFAULT 1,
      made_at timestamptz NOT NULL DEFAULT now()
    )`,
  );
  const columns = [
    column('id', 'int'),
    column('name', 'text(25)'),
    column('price', 'decimal(15,2)'),
    column('kind', 'text(10)', { allowed: ['a', 'b'] }),
  ];
  const own = table('own', columns, [key('own', 'id')], { existing: true, doc: 'Not a comment.' });
  expect(compareTables(planOfTables(own), await store.catalog.readTables([own]))).toEqual({
    differences: [],
    repairs: [],
  });
});

test("the user's own table is proven: what would fail at run time is named, and nothing is offered", async () => {
  await run(
    `CREATE TABLE theirs (
      id bigint NOT NULL,
      name varchar(5),
      price numeric(15,1) NOT NULL,
      kind varchar(10) CHECK (kind IN ('a')),
      note text NOT NULL,
      region text NOT NULL
    )`,
  );
  const columns = [
    column('id', 'bigint'),
    column('name', 'text(25)'),
    column('price', 'decimal(15,2)'),
    column('kind', 'text', { allowed: ['a', 'b'] }),
    column('note', 'text', { nullable: true }),
  ];
  const plan = planOfTables(
    table('theirs', columns, [key('theirs', 'id')], {
      existing: true,
      indexes: [{ name: 'theirs_name_idx', columns: ['name'] }],
    }),
    table('absent', [column('id', 'int')], [key('absent', 'id')], { existing: true }),
  );
  expect(await differences(plan)).toEqual([
    'NOM902 table theirs, column name: varchar(25) | character varying(5)',
    'NOM902 table theirs, column price: numeric(15,2) | numeric(15,1)',
    'NOM902 table theirs, column kind: text | character varying(10)',
    'NOM902 table theirs, column note: nullable | NOT NULL',
    'NOM902 table theirs, column region: no such column, or one that is nullable or has a default | ' +
      'text NOT NULL without a default, which refuses every row',
    'NOM901 table theirs, key (id): a usable unique index on exactly these columns | none',
    "NOM902 table theirs, column kind, allowed strings: 'a', 'b' | 'a' in check theirs_kind_check",
    'NOM902 table theirs, index (name): a valid index that begins with these columns | none',
    'NOM902 table absent: 1 columns | no such table',
  ]);
  expect(compareTables(plan, await store.catalog.readTables(tablesOf(plan))).repairs).toEqual([]);
});
