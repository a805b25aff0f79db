import type { Plan, TablePlan } from '../../plan/plan.ts';
import type { Difference } from '../../ports/queue.ts';
import type { Catalog, LiveTable } from './catalog.ts';
import { compareChecks } from './compare-checks.ts';
import { compareColumns } from './compare-columns.ts';
import { compareIndexes } from './compare-indexes.ts';
import { compareRefs } from './compare-refs.ts';
import { compareUnique } from './compare-unique.ts';
import { commentOnColumn, commentOnTable, createIndex, createSchema, createTable, hardRefs } from './ddl.ts';
import { type Finding, mismatch, PHASES, type Repair, repairOf } from './finding.ts';
import { tablesOf } from './tables-of.ts';

export interface Comparison {
  readonly differences: readonly Difference[];
  /** In the order in which they must run; they drop no data and narrow nothing. */
  readonly repairs: readonly Repair[];
}

/** `pg_class.relkind` of what rows can be upserted into: tables and partitioned tables. */
const TABLE_KINDS: ReadonlySet<string> = new Set(['r', 'p']);

/** Holds the live catalog against the plan. Pure. */
export function compareTables(plan: Plan, catalog: Catalog): Comparison {
  const findings = tablesOf(plan).flatMap((table, index) => {
    const live = catalog.tables[index];
    if (live === undefined) return missingTable(plan, table, catalog);
    if (!TABLE_KINDS.has(live.kind)) {
      return [mismatch(table, { expected: 'a table', found: 'another object with that name' })];
    }
    return [
      ...comparePersistence(table, live),
      ...compareColumns(table, live),
      ...compareUnique(table, live, catalog.serverVersion),
      ...compareChecks(table, live),
      ...compareIndexes(table, live),
      ...compareRefs(plan, table, live, catalog),
      ...compareComments(table, live),
    ];
  });
  return {
    differences: findings.flatMap(({ difference }) => (difference === undefined ? [] : [difference])),
    repairs: inOrder(findings.flatMap(({ repair }) => (repair === undefined ? [] : [repair]))),
  };
}

/** A crash empties an unlogged table, also of what was acknowledged. Making it a logged one writes it anew: not ours. */
function comparePersistence(table: TablePlan, { logged }: LiveTable): Finding[] {
  return logged
    ? []
    : [
        mismatch(table, {
          part: 'persistence',
          expected: 'a table whose rows survive a crash',
          found: 'an unlogged or temporary one',
        }),
      ];
}

/** One difference for the whole table; its repairs bring indexes, refs and comments along. */
function missingTable(plan: Plan, table: TablePlan, catalog: Catalog): Finding[] {
  const constraints = compareUnique(table, EMPTY, catalog.serverVersion).filter(
    ({ repair }) => repair === undefined,
  );
  if (constraints.length > 0 && !table.existing) return constraints;
  const create = repairOf(table, 'table', `create, ${table.columns.length} columns`, createTable(table));
  const found = mismatch(
    table,
    { expected: `${table.columns.length} columns`, found: 'no such table' },
    create,
  );
  if (table.existing) return [found];
  const { schema } = table;
  const schemaMissing = schema !== undefined && !catalog.schemas.has(schema);
  return [
    ...(schemaMissing
      ? [
          {
            repair: {
              phase: 'schema',
              line: `schema ${schema}: create`,
              statements: [createSchema(schema)],
            } as const,
          },
        ]
      : []),
    found,
    ...table.indexes.map((index) => ({
      repair: repairOf(table, 'index', `add index (${index.columns.join(', ')})`, createIndex(table, index)),
    })),
    ...(hardRefs(table).length === 0 ? [] : compareRefs(plan, table, undefined, catalog).map(repairOnly)),
    ...compareComments(table, EMPTY),
  ];
}

const EMPTY: LiveTable = {
  oid: '',
  kind: 'r',
  logged: true,
  comment: undefined,
  empty: true,
  columns: [],
  indexes: [],
  foreignKeys: [],
  checks: [],
};

function repairOnly({ repair }: Finding): Finding {
  return repair === undefined ? {} : { repair };
}

/** Comments are kept up to date by `apply`; no start depends on them. */
function compareComments(table: TablePlan, live: LiveTable): Finding[] {
  if (table.existing) return [];
  const comments = new Map(live.columns.map(({ name, comment }) => [name, comment]));
  const statements = table.columns.flatMap((column) =>
    column.doc === undefined || comments.get(column.name) === column.doc
      ? []
      : [commentOnColumn(table, column, column.doc)],
  );
  if (table.doc !== undefined && table.doc !== live.comment)
    statements.unshift(commentOnTable(table, table.doc));
  return statements.length === 0 ? [] : [{ repair: repairOf(table, 'comment', 'comment', ...statements) }];
}

/** Sorted by phase; within one, as the tables stand in the plan. A schema of several tables is made once. */
function inOrder(repairs: readonly Repair[]): Repair[] {
  const seen = new Set<string>();
  return PHASES.flatMap((phase) => repairs.filter((repair) => repair.phase === phase)).filter(
    ({ phase, line }) => phase !== 'schema' || (!seen.has(line) && seen.add(line)),
  );
}
