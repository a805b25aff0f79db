import type { EntityPlan, Plan, Row, TableWrites } from '../../../plan/plan.ts';
import type { Delivery } from '../../../ports/queue.ts';
import type { Rejection, RejectionCode } from '../../../types/value.ts';
import { tooManyRows } from '../write/row-limit.ts';
import type { Failed, Message } from './message.ts';

/** Gives the function that decodes, checks and derives one delivery, to `maxRows` rows at most. Pure. */
export function evaluator(plan: Plan, maxRows = Infinity): (delivery: Delivery) => Message | Failed {
  const entities = new Map(plan.entities.map((entity) => [entity.name, entity]));
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  return (delivery) => {
    const entity = entities.get(delivery.entity);
    if (entity === undefined) {
      const known = [...entities.keys()].join(', ');
      return failed(delivery, 'unknown_entity', `expected one of the entities ${known}`);
    }
    let body: string;
    try {
      body = utf8.decode(delivery.body);
    } catch {
      const code = entity.body === 'json' ? 'invalid_json' : 'invalid_format';
      return failed(delivery, code, 'expected UTF-8, found other bytes');
    }
    const { messageId, headers, receivedAt } = delivery;
    const evaluation = entity.evaluate({ body, headers, messageId, receivedAt });
    if (evaluation.kind === 'rejected') return rejected(delivery, evaluation.rejection);
    const { writes, orderKey, unknownFields } = evaluation;
    const tooMany = tooManyRows(entity, writes, maxRows);
    if (tooMany !== undefined) return rejected(delivery, tooMany);
    const root = rootOf(plan, entity, writes);
    return { kind: 'message', delivery, entity, writes, root, orderKey, unknownFields };
  };
}

function rootOf(plan: Plan, entity: EntityPlan, writes: readonly TableWrites[]): Row | undefined {
  const table = entity.rootTable;
  if (table === undefined || plan.tables[table]?.upsert.action.kind !== 'newest') return undefined;
  const own = writes.find((write) => write.table === table);
  return own?.rows[0] ?? own?.deletes?.[0];
}

function failed(delivery: Delivery, code: RejectionCode, message: string): Failed {
  return rejected(delivery, { code, entity: delivery.entity, field: '', pointer: '', message });
}

function rejected(delivery: Delivery, rejection: Rejection): Failed {
  return { kind: 'failed', delivery, error: rejection, mayRecover: false };
}
