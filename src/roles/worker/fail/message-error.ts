import type { Plan } from '../../../plan/plan.ts';
import type { Failure } from '../../../ports/failure.ts';
import type { Delivery } from '../../../ports/queue.ts';
import type { MessageError } from '../../../ports/ledger-entries.ts';
import { failedTable } from '../failed-table.ts';
import { isUnexpected } from './with-retries.ts';
import { classify } from './classify.ts';

/** Why Postgres refused a message, in the words of the pipeline; never a value. */
export function messageError(plan: Plan, delivery: Delivery, failure: Failure): MessageError {
  const facts = failure.sql;
  const table = plan.tables[failedTable(plan, facts)];
  const writer = table?.writers.find((name) => name === delivery.entity) ?? table?.writers[0];
  return {
    code: isUnexpected(classify(failure, plan))
      ? 'database_error'
      : (facts?.refusal ?? 'constraint_violation'),
    entity: delivery.entity,
    field: facts?.column === undefined || writer === undefined ? '' : `${writer}.${facts.column}`,
    pointer: '',
    message: failure.message,
    ...(facts?.constraint === undefined ? {} : { constraint: facts.constraint }),
  };
}
