import type { EntityPlan, Row, TableWrites } from '../../plan/plan.ts';
import type { Delivery } from '../../ports/queue.ts';
import type { MessageError } from '../../ports/ledger-entries.ts';

/** What a message writes. */
export interface MessageWrites {
  readonly writes: readonly TableWrites[];
  /**
   * The entity's own row, where its table is `newest by`: the first row that the message writes there, or deletes. It
   * decides whether the message is superseded.
   */
  readonly root: Row | undefined;
}

/** A delivery that was decoded, checked and derived. Its rows are equal whenever it is asked for them, and the same until they are dropped. */
export interface Message extends MessageWrites {
  readonly kind: 'message';
  readonly delivery: Delivery;
  readonly entity: EntityPlan;
  /** Lets go of the rows: who asks for them again has the delivery evaluated once more. */
  dropRows(): void;
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
