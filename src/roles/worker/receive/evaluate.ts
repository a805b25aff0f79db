import { evaluateMessage } from '../../../plan/evaluate-message.ts';
import type { EntityPlan, Evaluation, Plan } from '../../../plan/plan.ts';
import type { Delivery } from '../../../ports/queue.ts';
import type { Rejection } from '../../../types/value.ts';
import type { Failed, Message } from '../message.ts';
import { messageWith, type Evaluated } from './message-with.ts';

/** Gives the function that says what a delivery writes, or why it fails. Pure. */
export function evaluator(plan: Plan): (delivery: Delivery) => Message | Failed {
  const entities = new Map(plan.entities.map((entity) => [entity.name, entity]));
  const evaluate = (entity: EntityPlan, delivery: Delivery): Evaluation =>
    evaluateMessage(plan.limits, entity, delivery);
  const again = (entity: EntityPlan, delivery: Delivery): Evaluated => {
    const evaluation = evaluate(entity, delivery);
    if (evaluation.kind === 'rejected') throw new Error('a message that was accepted is rejected');
    return evaluation;
  };
  const messageOf = messageWith(plan, again);

  return (delivery) => {
    const entity = entities.get(delivery.entity);
    if (entity === undefined) {
      const known = [...entities.keys()].join(', ');
      const message = `expected one of the entities ${known}`;
      const rejection = { entity: delivery.entity, field: '', pointer: '', message };
      return rejected(delivery, { code: 'unknown_entity', ...rejection });
    }
    const evaluation = evaluate(entity, delivery);
    if (evaluation.kind === 'rejected') return rejected(delivery, evaluation.rejection);
    return messageOf(entity, delivery, evaluation);
  };
}

function rejected(delivery: Delivery, rejection: Rejection): Failed {
  return { kind: 'failed', delivery, error: rejection, mayRecover: false };
}
