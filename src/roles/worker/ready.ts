import type { Plan, Statement, TablePlan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Difference } from '../../ports/queue.ts';
import type { Session } from '../../ports/store.ts';
import { classify } from './classify.ts';

/**
 * Lets Postgres plan every statement of the worker with no rows, executing nothing: what it would refuse (no unique
 * index behind a key, a missing table or column, another type, a missing right) is found before the first message.
 * The session must not be a transaction, which would end at the first refusal. Rejects with a `Failure` where
 * Postgres cannot be asked.
 */
export async function proveStatements(session: Session, plan: Plan): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (const table of plan.tables) {
    const difference =
      (await prove(session, table, 'upsert', table.upsert.statement, table.columns.length)) ??
      (table.prune === undefined
        ? undefined
        : await prove(session, table, 'prune', table.prune.statement, pruneParameters(table))) ??
      (table.delete === undefined
        ? undefined
        : await prove(session, table, 'delete', table.delete.statement, deleteParameters(table)));
    if (difference !== undefined) found.push(difference);
  }
  return found;
}

function pruneParameters({ prune, upsert }: TablePlan): number {
  const versions = upsert.action.kind === 'newest' ? 1 : 0;
  return (prune?.columns.length ?? 0) + versions + upsert.key.length;
}

function deleteParameters({ upsert }: TablePlan): number {
  return upsert.key.length + (upsert.action.kind === 'newest' ? 1 : 0);
}

async function prove(
  session: Session,
  table: TablePlan,
  what: 'upsert' | 'prune' | 'delete',
  statement: Statement,
  parameters: number,
): Promise<Difference | undefined> {
  try {
    const values = Array.from({ length: parameters }, () => '{}');
    await session.query({ text: `EXPLAIN ${statement.text}`, values });
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure) || classify(error) !== 'misconfigured') throw error;
    const key = table.upsert.key.map((column) => table.columns[column]?.name).join(', ');
    const sqlstate = error.sql?.sqlstate ?? '';
    return {
      code: sqlstate === '42P10' || sqlstate === '55000' ? 'NOM901' : 'NOM902',
      what: `table ${table.name}, ${what}`,
      expected: `a table that takes the ${what} on (${key})`,
      found: error.message,
      // A missing table or constraint can be made; types and rights need a person.
      mendable: !table.existing && ['42P01', '42P10', '42703'].includes(sqlstate),
    };
  }
}
