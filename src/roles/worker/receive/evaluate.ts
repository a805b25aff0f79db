import { evaluateMessage } from '../../../plan/evaluate-message.ts';
import type { EntityPlan, Plan, Row, TableWrites } from '../../../plan/plan.ts';
import type { Delivery } from '../../../ports/queue.ts';
import type { Rejection } from '../../../types/value.ts';
import type { Failed, Message } from '../message.ts';

/** Gives the function that says what a delivery writes, or why it fails. Pure. */
export function evaluator(plan: Plan): (delivery: Delivery) => Message | Failed {
  const entities = new Map(plan.entities.map((entity) => [entity.name, entity]));

  return (delivery) => {
    const entity = entities.get(delivery.entity);
    if (entity === undefined) {
      const known = [...entities.keys()].join(', ');
      const message = `expected one of the entities ${known}`;
      const rejection = { entity: delivery.entity, field: '', pointer: '', message };
      return rejected(delivery, { code: 'unknown_entity', ...rejection });
    }
    const evaluation = evaluateMessage(plan.limits, entity, delivery);
    if (evaluation.kind === 'rejected') return rejected(delivery, evaluation.rejection);
    const { writes, orderKey, unknownFields, unknownNames, madeText } = evaluation;
    const root = rootOf(plan, entity, writes);
    const made = { writes, root, orderKey, unknownFields, unknownNames, madeText };
    return { kind: 'message', delivery, entity, ...made };
  };
}

function rootOf(plan: Plan, entity: EntityPlan, writes: readonly TableWrites[]): Row | undefined {
  const table = entity.rootTable;
  if (table === undefined || plan.tables[table]?.upsert.action.kind !== 'newest') return undefined;
  const own = writes.find((write) => write.table === table);
  return own?.rows[0] ?? own?.deletes?.[0];
}

function rejected(delivery: Delivery, rejection: Rejection): Failed {
  return { kind: 'failed', delivery, error: rejection, mayRecover: false };
}
