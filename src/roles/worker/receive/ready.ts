import type { Plan, Statement, TablePlan } from '../../../plan/plan.ts';
import { Failure } from '../../../ports/failure.ts';
import type { Difference } from '../../../ports/queue.ts';
import type { Session } from '../../../ports/store.ts';
import { classify } from '../fail/classify.ts';

/**
 * Lets Postgres plan every statement of the worker with no rows, executing nothing: what it would refuse (no unique
 * index behind a key, a missing table or column, another type, a missing right) is found before the first message.
 * The session must not be a transaction, which would end at the first refusal. Rejects with a `Failure` where
 * Postgres cannot be asked.
 */
export async function proveStatements(session: Session, plan: Plan): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (const table of plan.tables) {
    for (const proof of proofsOf(table)) {
      const difference = await prove(session, proof);
      if (difference === undefined) continue;
      found.push(difference);
      break;
    }
  }
  return found;
}

interface Proof {
  readonly table: TablePlan;
  readonly what: 'upsert' | 'prune' | 'delete' | 'remember' | 'forget';
  readonly statement: Statement;
  /** How many parameters it has. */
  readonly parameters: number;
}

/** Every statement that the worker runs on a table, and on what belongs to it. */
function proofsOf(table: TablePlan): readonly Proof[] {
  const { upsert, prune, delete: deletion } = table;
  const keys = upsert.key.length;
  const versions = upsert.action.kind === 'newest' ? 1 : 0;
  const proofs: Proof[] = [
    { table, what: 'upsert', statement: upsert.statement, parameters: table.columns.length },
  ];
  if (prune !== undefined)
    proofs.push({
      table,
      what: 'prune',
      statement: prune.statement,
      parameters: prune.columns.length + versions + keys,
    });
  if (deletion === undefined) return proofs;
  proofs.push({ table, what: 'delete', statement: deletion.statement, parameters: keys + versions });
  const { memory } = deletion;
  if (memory === undefined) return proofs;
  return [
    ...proofs,
    { table, what: 'delete', statement: memory.outdated, parameters: keys + versions },
    { table: memory.table, what: 'remember', statement: memory.remember, parameters: keys + versions },
    { table: memory.table, what: 'forget', statement: memory.forget, parameters: keys },
  ];
}

async function prove(
  session: Session,
  { table, what, statement, parameters }: Proof,
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
      fixable: !table.existing && ['42P01', '42P10', '42703'].includes(sqlstate),
    };
  }
}
