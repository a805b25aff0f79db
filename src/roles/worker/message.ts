import type { EntityPlan, Row, TableWrites } from '../../plan/plan.ts';
import type { Delivery } from '../../ports/queue.ts';
import type { MessageError } from '../../ports/ledger-entries.ts';

/** A delivery that was decoded, checked and derived: what it writes. */
export interface Message {
  readonly kind: 'message';
  readonly delivery: Delivery;
  readonly entity: EntityPlan;
  readonly writes: readonly TableWrites[];
  /**
   * The entity's own row, where its table is `newest by`: the first row that the message writes there, or deletes. It
   * decides whether the message is superseded.
   */
  readonly root: Row | undefined;
  /** Of an entity with `ordered by`: messages that have the same are worked one after the other. */
  readonly orderKey: string | undefined;
  /** Keys without a column, given and counted. */
  readonly unknownFields: number;
  readonly unknownNames?: readonly string[] | undefined;
  /** Characters of all texts that functions made of it; absent where they are few. */
  readonly madeText?: number | undefined;
}

/** A delivery that failed by its own fault. */
export interface Failed {
  readonly kind: 'failed';
  readonly delivery: Delivery;
  readonly error: MessageError;
  /** Whether it may succeed later: a missing parent may come. */
  readonly mayRecover: boolean;
}
