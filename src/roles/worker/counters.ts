/** Messages since the worker started, by what became of them; and what waits now. */
export interface Counters {
  applied: number;
  superseded: number;
  /** Became dead letters. */
  dead: number;
  /** Dead letters that their subject has no room for yet; the table `dead_letters` has them. */
  unpublished: number;
  /** Failed by their own fault and come again. */
  retried: number;
  /** Came more than once. */
  redelivered: number;
  /** Were settled before they came, and acknowledged without any effect. */
  settledBefore: number;
  /** JSON keys without a field. */
  unknownFields: number;
}

export function newCounters(): Counters {
  return {
    applied: 0,
    superseded: 0,
    dead: 0,
    unpublished: 0,
    retried: 0,
    redelivered: 0,
    settledBefore: 0,
    unknownFields: 0,
  };
}
