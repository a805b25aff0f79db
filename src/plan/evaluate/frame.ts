import type { Rejection, RejectionCode, Value } from '../../types/value.ts';

/**
 * The rows that an expression sees: one slot for each source of its record, then the record's own row, then what
 * `meta` names. A slot is a row's values, a scalar element of a list, or null where an optional source has no row.
 */
export type Frame = readonly Value[];

/** A compiled expression. Throws `MessageRejected` when the message is at fault, `SKIP` when the row is dropped. */
export type Run = (frame: Frame) => Value;

/** Ends the evaluation of one message; caught where the evaluation began, never seen outside the plan. */
export class MessageRejected extends Error {
  readonly code: RejectionCode;
  /** Filled in by the places that know them, the innermost first. */
  field = '';
  pointer = '';
  source: string | undefined;

  constructor(code: RejectionCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Ends the evaluation of one row; made once, so that dropping many rows costs no stack traces. */
export const SKIP = new Error('skip() was called outside of a derived row');

export function isSkip(error: unknown): boolean {
  return error === SKIP;
}

export function rejectionOf(error: MessageRejected, entity: string): Rejection {
  return {
    code: error.code,
    entity,
    field: error.field,
    pointer: error.pointer,
    message: error.message,
    ...(error.source === undefined ? {} : { source: error.source }),
  };
}
