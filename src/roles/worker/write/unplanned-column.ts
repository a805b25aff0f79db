import type { Plan } from '../../../plan/plan.ts';
import { tableName } from '../../../plan/table-name.ts';
import { Failure } from '../../../ports/failure.ts';
import { failedTable } from '../failed-table.ts';

/**
 * Does `work`. Where Postgres misses a value for a column that the plan does not know, somebody changed the table and no
 * message can pass: that rejects as `STORE_MISCONFIGURED`, which pauses the role and is held against no message.
 */
export async function withPlannedColumns<T>(plan: Plan, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure) || error.sql?.refusal !== 'null_not_allowed') throw error;
    const { column } = error.sql;
    const table = plan.tables[failedTable(plan, error.sql)];
    if (table === undefined || column === undefined) throw error;
    if (table.columns.some((planned) => planned.name === column)) throw error;
    throw new Failure(
      'STORE_MISCONFIGURED',
      `column ${column} of table ${tableName(table)} is NOT NULL without a default, and ${plan.file} does not write it`,
      { cause: error, sql: error.sql },
    );
  }
}
