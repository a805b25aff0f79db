import type { TelemetryEvent } from '../../ports/telemetry.ts';

/** Messages since the process started, by what became of them; and what waits now. */
export interface Counts {
  /** Stored by the queue. */
  readonly accepted: number;
  /** Refused as they came: requests, and elements of batches. */
  readonly refused: number;
  readonly applied: number;
  readonly superseded: number;
  /** Became dead letters. */
  readonly dead: number;
  /** Dead letters that their subject has no room for yet; the table `dead_letters` has them. */
  readonly unpublished: number;
  /** Failed by their own fault and come again. */
  readonly retried: number;
  /** Came more than once. */
  readonly redelivered: number;
  /** Were settled before they came, and acknowledged without any effect. */
  readonly settledBefore: number;
  /** JSON keys without a field. */
  readonly unknownFields: number;
}

export const NO_COUNTS: Counts = {
  accepted: 0,
  refused: 0,
  applied: 0,
  superseded: 0,
  dead: 0,
  unpublished: 0,
  retried: 0,
  redelivered: 0,
  settledBefore: 0,
  unknownFields: 0,
};

/** The counts after an event. */
export function counted(counts: Counts, event: TelemetryEvent): Counts {
  switch (event.kind) {
    case 'delivered':
      return event.redelivered === 0
        ? counts
        : { ...counts, redelivered: counts.redelivered + event.redelivered };
    case 'committed':
      return {
        ...counts,
        applied: counts.applied + event.messages.length,
        unknownFields: sumOf(event.unknownKeys, counts.unknownFields),
      };
    case 'superseded':
      return { ...counts, superseded: counts.superseded + event.messages.length };
    case 'settled-before':
      return { ...counts, settledBefore: counts.settledBefore + event.messages.length };
    case 'retried':
      return { ...counts, retried: counts.retried + 1 };
    case 'dead-lettered':
      return { ...counts, dead: counts.dead + 1 };
    case 'unpublished':
      return { ...counts, unpublished: event.waiting };
    case 'accepted':
      return { ...counts, accepted: counts.accepted + 1 };
    case 'batch-accepted':
      return {
        ...counts,
        accepted: counts.accepted + event.accepted,
        refused: sumOf(event.refusals, counts.refused),
      };
    case 'refused':
    case 'turned-away':
      return { ...counts, refused: counts.refused + 1 };
    case 'worked':
    case 'halted':
    case 'paused':
    case 'resumed':
    case 'not-ready':
    case 'ready-again':
    case 'worker-started':
    case 'worker-stopped':
      return counts;
  }
}

export function sumOf(counts: ReadonlyMap<string, number>, from = 0): number {
  return counts.size === 0 ? from : [...counts.values()].reduce((sum, count) => sum + count, from);
}
