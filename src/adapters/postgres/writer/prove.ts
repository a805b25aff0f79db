import type { TablePlan } from '../../../plan/plan.ts';
import { tableName } from '../../../plan/table-name.ts';
import { Failure } from '../../../ports/failure.ts';
import type { Difference } from '../../../ports/queue.ts';
import type { Query, SqlSession } from '../../../sql/postgres/session.ts';
import { lackingOn } from '../catalog/lacking.ts';
import type { TableQueries } from '../../../sql/postgres/writer/table-queries.ts';

/** The first thing that Postgres would refuse of what is asked of a table, and of its tombstones. */
export async function proveTable(
  sql: SqlSession,
  table: TablePlan,
  queries: TableQueries,
): Promise<Difference | undefined> {
  for (const proof of proofsOf(table, queries)) {
    const difference = await prove(sql, table, proof);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

interface Proof {
  readonly table: TablePlan;
  readonly what: 'upsert' | 'prune' | 'delete' | 'remember' | 'forget';
  /** With no rows. */
  readonly query: Query;
}

function proofsOf(table: TablePlan, queries: TableQueries): readonly Proof[] {
  const { upsert, prune, delete: deletion, tombstones } = queries;
  const none = queries.arrays([]);
  const proofs: Proof[] = [{ table, what: 'upsert', query: { ...upsert, values: none } }];
  if (prune !== undefined) proofs.push({ table, what: 'prune', query: prune([], none) });
  if (deletion !== undefined) proofs.push({ table, what: 'delete', query: deletion([]) });
  const own = table.delete?.tombstones?.table;
  if (tombstones === undefined || own === undefined) return proofs;
  return [
    ...proofs,
    { table, what: 'delete', query: tombstones.late([]) },
    { table: own, what: 'remember', query: tombstones.hold([]) },
    { table: own, what: 'forget', query: tombstones.release([]) },
  ];
}

async function prove(
  sql: SqlSession,
  whole: TablePlan,
  { table, what, query }: Proof,
): Promise<Difference | undefined> {
  try {
    await sql.query({ text: `EXPLAIN ${query.text}`, values: query.values ?? [] });
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'STORE_MISCONFIGURED') throw error;
    if (error.forbidden) return forbidden(sql, whole, error);
    const key = table.upsert.key.map((column) => table.columns[column]?.name).join(', ');
    const sqlstate = error.sql?.sqlstate ?? '';
    return {
      code: sqlstate === '42P10' || sqlstate === '55000' ? 'NOM901' : 'NOM902',
      what: `table ${tableName(table)}, ${what}`,
      expected: `a table that takes the ${what} on (${key})`,
      found: error.message,
      // A missing table or constraint can be made; types need a person.
      fixable: !table.existing && ['42P01', '42P10', '42703'].includes(sqlstate),
    };
  }
}

/** Names all the rights that are missing, where Postgres names none. */
async function forbidden(sql: SqlSession, table: TablePlan, failure: Failure): Promise<Difference> {
  const lacking = (await lackingOn(sql, [table], true).catch(() => [])).flat();
  return {
    code: 'NOM902',
    what: `table ${tableName(table)}`,
    expected: 'a table that this user may write',
    found:
      lacking.length === 0
        ? `one that refuses it: ${failure.message}`
        : `one on which it lacks ${lacking.join(', ')}`,
    fixable: false,
    forbidden: true,
  };
}
