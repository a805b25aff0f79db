import type { Row, TablePlan } from '../../../plan/plan.ts';
import type { Difference } from '../../../ports/queue.ts';
import type { Decided, Writer } from '../../../ports/writer.ts';
import { Failure } from '../../../ports/failure.ts';
import { MOST_BYTES, TooManyBytes } from '../../../sql/postgres/binary/output.ts';
import type { Query, SqlSession } from '../../../sql/postgres/session.ts';
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

/** The writer's operations, executed as statements of one session. */
export function writerOver(sql: SqlSession): Writer {
  return {
    async upsert(table, rows) {
      if (rows.length > 0) await sql.query(built(table, () => queriesOf(table).upsert(rows)));
    },
    upsertDeciding: (table, rows) => decide(sql, table, rows),
    async prune(table, parents, listed) {
      if (parents.length > 0) {
        const prune = planned(queriesOf(table).prune, table);
        await sql.query(built(table, () => prune(parents, listed)));
      }
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

async function decide(sql: SqlSession, table: TablePlan, rows: readonly Row[]): Promise<Decided> {
  if (rows.length === 0) return { lost: [], inserted: [] };
  const query = planned(queriesOf(table).decide, table);
  const answer = (await sql.query(built(table, () => query(rows)))).rows;
  const lost = answer.flatMap(({ n, lost: isLost }) => (isLost === true ? rowsAt(rows, n) : []));
  if (table.existing) return { lost, inserted: [] };
  const known = new Set(answer.map(({ n }) => Number(n)));
  return { lost, inserted: known.size === 0 ? rows : rows.filter((_, at) => !known.has(at + 1)) };
}

/**
 * The statement with its parameters. Rows that are too many bytes together are refused as Postgres refuses a row that is too
 * long, so that the messages are tried apart, and one that is too much by itself becomes a dead letter.
 */
function built({ name, schema }: TablePlan, query: () => Query): Query {
  try {
    return query();
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
