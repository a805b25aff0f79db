import type { Row, TablePlan } from '../../../plan/plan.ts';
import type { Difference } from '../../../ports/queue.ts';
import type { Decided, PackedRows, Writer } from '../../../ports/writer.ts';
import { Failure } from '../../../ports/failure.ts';
import { MOST_BYTES, TooManyBytes } from '../../../sql/postgres/binary/output.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';
import {
  type RowsQuery,
  type TableQueries,
  tableQueries,
} from '../../../sql/postgres/writer/table-queries.ts';
import { proveTable } from './prove.ts';

/** Made once for each table of a plan: no batch makes a text anew. */
const queriesByTable = new WeakMap<TablePlan, TableQueries>();

function queriesOf(table: TablePlan): TableQueries {
  const known = queriesByTable.get(table);
  if (known !== undefined) return known;
  const made = tableQueries(table);
  queriesByTable.set(table, made);
  return made;
}

/** Tables that had rows of new parents: their foreign key does not hold for all of them, so nothing is new for sure. */
const withOrphans = new WeakSet<TablePlan>();

/** The writer's operations, executed as statements of one session. */
export function writerOver(sql: SqlSession): Writer {
  return {
    pack: (table, rows): PackedArrays => ({
      table,
      count: rows.length,
      arrays: rows.length === 0 ? [] : built(table, () => queriesOf(table).arrays(rows)),
    }),
    async upsert(rows) {
      if (rows.count > 0) await sql.query({ ...queriesOf(rows.table).upsert, values: arraysOf(rows) });
    },
    insertNew: (rows) => insertNew(sql, rows),
    upsertDeciding: (rows) => decide(sql, rows),
    async prune(parents, listed) {
      if (parents.length === 0) return;
      const { table } = listed;
      const prune = planned(queriesOf(table).prune, table);
      const kept = listed.count === 0 ? queriesOf(table).arrays([]) : arraysOf(listed);
      await sql.query(built(table, () => prune(parents, kept)));
    },
    async delete(table, rows) {
      if (rows.length > 0) await sql.query(built(table, () => planned(queriesOf(table).delete, table)(rows)));
    },
    holdKeys: (table, rows) => named(sql, table, planned(queriesOf(table).tombstones, table).hold, rows),
    lateDeletions: (table, rows) => named(sql, table, planned(queriesOf(table).tombstones, table).late, rows),
    async releaseKeys(table, rows) {
      if (rows.length > 0)
        await sql.query(built(table, () => planned(queriesOf(table).tombstones, table).release(rows)));
    },
    async prove(tables) {
      const found: Difference[] = [];
      for (const table of tables) {
        const difference = await proveTable(sql, table, queriesOf(table));
        if (difference !== undefined) found.push(difference);
      }
      return found;
    },
  };
}

/** The arrays of all columns. */
interface PackedArrays extends PackedRows {
  readonly arrays: readonly Uint8Array[];
}

/** Rows come back as this adapter packed them. */
function arraysOf(rows: PackedRows): readonly Uint8Array[] {
  return (rows as PackedArrays).arrays;
}

async function insertNew(sql: SqlSession, rows: PackedRows): Promise<void> {
  if (rows.count === 0) return;
  const { table } = rows;
  const { insert, upsert } = queriesOf(table);
  const statement = withOrphans.has(table) ? upsert : insert;
  try {
    await sql.query({ ...statement, values: arraysOf(rows) });
  } catch (error) {
    if (statement !== insert || !(error instanceof Failure) || error.sql?.sqlstate !== UNIQUE_VIOLATION)
      throw error;
    withOrphans.add(table);
    throw new Failure('STORE_CONFLICT', `${table.name} has rows of parents that were not there`, {
      cause: error,
      sql: error.sql,
    });
  }
}

const UNIQUE_VIOLATION = '23505';

async function decide(sql: SqlSession, rows: PackedRows): Promise<Decided> {
  if (rows.count === 0) return { lost: [], known: [] };
  const { table } = rows;
  const statement = planned(queriesOf(table).decide, table);
  const answer = (await sql.query({ ...statement, values: arraysOf(rows) })).rows;
  const places = answer.map(({ n }) => Number(n) - 1);
  return {
    lost: places.filter((_, at) => answer[at]?.['lost'] === true),
    known: table.existing ? 'all' : places,
  };
}

/**
 * The parameters of a statement. Rows that are too many bytes together are refused as Postgres refuses a row that is too
 * long, so that the messages are tried apart, and one that is too much by itself becomes a dead letter.
 */
function built<T>({ name, schema }: TablePlan, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof TooManyBytes)) throw error;
    const facts = {
      sqlstate: '54000',
      refusal: 'too_long',
      table: name,
      ...(schema === undefined ? {} : { schema }),
    } as const;
    throw new Failure(
      'STORE_REFUSED',
      `the rows of ${name} have more than ${MOST_BYTES / 1024 ** 2} MB together`,
      {
        sql: facts,
        cause: error,
      },
    );
  }
}

/** What the plan of a table asks for; to ask for anything else is a bug. */
function planned<T>(part: T | undefined, { name }: TablePlan): T {
  if (part === undefined) throw new Error(`the plan of ${name} does not ask for this`);
  return part;
}

/** The rows that a query names by their ordinals, from 1, as `n`. */
async function named(
  sql: SqlSession,
  table: TablePlan,
  query: RowsQuery,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (rows.length === 0) return [];
  const answer = await sql.query(built(table, () => query(rows)));
  return answer.rows.flatMap(({ n }) => rowsAt(rows, n));
}

/** The row of an ordinal, from 1. */
function rowsAt(rows: readonly Row[], ordinal: unknown): readonly Row[] {
  const row = rows[Number(ordinal) - 1];
  return row === undefined ? [] : [row];
}
