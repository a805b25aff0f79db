import type { EntityPlan, Evaluation, Plan, Row, TableWrites } from '../../../plan/plan.ts';
import type { Delivery } from '../../../ports/queue.ts';
import type { Message, MessageWrites } from '../message.ts';

export type Evaluated = Extract<Evaluation, { readonly kind: 'rows' }>;

/** Gives the function that makes a message of what a delivery was evaluated to; `again` evaluates it once more. */
export function messageWith(
  plan: Plan,
  again: (entity: EntityPlan, delivery: Delivery) => Evaluated,
): (entity: EntityPlan, delivery: Delivery, evaluated: Evaluated) => Message {
  /** A class, because closures for each message would be most of what it holds. */
  class DeliveredMessage implements Message {
    readonly kind = 'message';
    readonly delivery: Delivery;
    readonly entity: EntityPlan;
    readonly orderKey: string | undefined;
    readonly unknownFields: number;
    readonly unknownNames: readonly string[] | undefined;
    readonly madeText: number | undefined;
    #rows: MessageWrites | undefined;

    constructor(entity: EntityPlan, delivery: Delivery, evaluated: Evaluated) {
      this.delivery = delivery;
      this.entity = entity;
      this.orderKey = evaluated.orderKey;
      this.unknownFields = evaluated.unknownFields;
      this.unknownNames = evaluated.unknownNames;
      this.madeText = evaluated.madeText;
      this.#rows = rowsOf(plan, entity, evaluated);
    }

    get writes(): readonly TableWrites[] {
      return this.#current().writes;
    }

    get root(): Row | undefined {
      return this.#current().root;
    }

    dropRows(): void {
      this.#rows = undefined;
    }

    #current(): MessageWrites {
      return (this.#rows ??= rowsOf(plan, this.entity, again(this.entity, this.delivery)));
    }
  }
  return (entity, delivery, evaluated) => new DeliveredMessage(entity, delivery, evaluated);
}

function rowsOf(plan: Plan, entity: EntityPlan, { writes }: Evaluated): MessageWrites {
  const table = entity.rootTable;
  if (table === undefined || plan.tables[table]?.upsert.action.kind !== 'newest')
    return { writes, root: undefined };
  const own = writes.find((write) => write.table === table);
  return { writes, root: own?.rows[0] ?? own?.deletes?.[0] };
}
