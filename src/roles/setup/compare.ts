import type { Change } from '../../plan/change.ts';
import { hardRefs } from '../../plan/hard-refs.ts';
import type { Plan, TablePlan } from '../../plan/plan.ts';
import { tablesOf } from '../../plan/tables-of.ts';
import type { Difference } from '../../ports/queue.ts';
import type { LiveTable, LiveTables } from '../../ports/catalog.ts';
import { compareChecks } from './compare-checks.ts';
import { compareColumns } from './compare-columns.ts';
import { compareIndexes } from './compare-indexes.ts';
import { compareRefs } from './compare-refs.ts';
import { compareUnique } from './compare-unique.ts';
import { type Finding, mismatch, PHASES, type Repair, repairOf } from './finding.ts';

export interface Comparison {
  readonly differences: readonly Difference[];
  /** In the order in which they must run; they drop no data and narrow nothing. */
  readonly repairs: readonly Repair[];
}

/** Holds the live tables, read in the order of `tablesOf`, against the plan. Pure. */
export function compareTables(plan: Plan, all: LiveTables): Comparison {
  const findings = tablesOf(plan).flatMap((table, index) => {
    const live = all.tables[index];
    if (live === undefined) return missingTable(plan, table, all);
    if (!live.isTable) {
      return [mismatch(table, { expected: 'a table', found: 'another object with that name' })];
    }
    return [
      ...comparePersistence(table, live),
      ...comparePartitions(table, live),
      ...compareColumns(table, live),
      ...compareUnique(table, live, all),
      ...compareChecks(table, live),
      ...compareIndexes(table, live),
      ...compareRefs(plan, table, live, all),
      ...compareComments(table, live),
    ];
  });
  return {
    differences: findings.flatMap(({ difference }) => (difference === undefined ? [] : [difference])),
    repairs: inOrder(findings.flatMap(({ repair }) => (repair === undefined ? [] : [repair]))),
  };
}

/** A crash empties an unlogged table, also of what was acknowledged. Making it a logged one writes it anew: not ours. */
function comparePersistence(table: TablePlan, { durable }: LiveTable): Finding[] {
  return durable
    ? []
    : [
        mismatch(table, {
          part: 'persistence',
          expected: 'a table whose rows survive a crash',
          found: 'an unlogged or temporary one',
        }),
      ];
}

/** A partitioned table does not tell which rows are new, and what is written of a message may hang on that. */
function comparePartitions(table: TablePlan, { partitioned }: LiveTable): Finding[] {
  if (!partitioned || table.existing || !table.upsert.decides) return [];
  const expected = `a table without partitions, or \`store ${table.name} existing\``;
  return [mismatch(table, { part: 'partitions', expected, found: 'a partitioned table' })];
}

/** One difference for the whole table; its repairs bring indexes, refs and comments along. */
function missingTable(plan: Plan, table: TablePlan, all: LiveTables): Finding[] {
  const constraints = compareUnique(table, EMPTY, all).filter(({ repair }) => repair === undefined);
  if (constraints.length > 0 && !table.existing) return constraints;
  const create = repairOf(table, 'table', `create, ${table.columns.length} columns`, {
    kind: 'create-table',
    table,
  });
  const found = mismatch(
    table,
    { expected: `${table.columns.length} columns`, found: 'no such table' },
    create,
  );
  if (table.existing) return [found];
  const { schema } = table;
  const schemaMissing = schema !== undefined && !all.schemas.has(schema);
  return [
    ...(schemaMissing
      ? [
          {
            repair: {
              phase: 'schema',
              line: `schema ${schema}: create`,
              changes: [{ kind: 'create-schema', schema }],
            } as const,
          },
        ]
      : []),
    found,
    ...table.indexes.map((index) => ({
      repair: repairOf(table, 'index', `add index (${index.columns.join(', ')})`, {
        kind: 'create-index',
        table,
        index,
      }),
    })),
    ...(hardRefs(table).length === 0 ? [] : compareRefs(plan, table, undefined, all).map(repairOnly)),
    ...compareComments(table, EMPTY),
  ];
}

const EMPTY: Pick<LiveTable, 'comment' | 'columns' | 'indexes'> = {
  comment: undefined,
  columns: [],
  indexes: [],
};

function repairOnly({ repair }: Finding): Finding {
  return repair === undefined ? {} : { repair };
}

/** Comments are kept up to date by `apply`; no start depends on them. */
function compareComments(table: TablePlan, live: Pick<LiveTable, 'comment' | 'columns'>): Finding[] {
  if (table.existing) return [];
  const comments = new Map(live.columns.map(({ name, comment }) => [name, comment]));
  const changes: readonly Change[] = [
    ...(table.doc === undefined || table.doc === live.comment
      ? []
      : [{ kind: 'comment-on-table', table, text: table.doc } as const]),
    ...table.columns.flatMap((column) =>
      column.doc === undefined || comments.get(column.name) === column.doc
        ? []
        : [{ kind: 'comment-on-column', table, column, text: column.doc } as const],
    ),
  ];
  return changes.length === 0 ? [] : [{ repair: repairOf(table, 'comment', 'comment', ...changes) }];
}

/** Sorted by phase; within one, as the tables stand in the plan. A schema of several tables is made once. */
function inOrder(repairs: readonly Repair[]): Repair[] {
  const seen = new Set<string>();
  return PHASES.flatMap((phase) => repairs.filter((repair) => repair.phase === phase)).filter(
    ({ phase, line }) => phase !== 'schema' || (!seen.has(line) && seen.add(line)),
  );
}
