import type { Backlog } from '../../ports/backlog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { type Counts, counted, NO_COUNTS } from './counts.ts';

/** Milliseconds between two lines. */
const EVERY = 60_000;

export interface MinuteSummaryOptions {
  readonly log: Log;
  readonly clock: Clock;
  readonly backlog: () => Promise<readonly Backlog[] | undefined>;
  /** Aborts when the role stops. */
  readonly signal: AbortSignal;
}

/** Writes one line a minute while messages flow: what became of them in that minute, and what waits. */
export function minuteSummary(options: MinuteSummaryOptions): Telemetry {
  const { log, clock, backlog, signal } = options;
  let counts = NO_COUNTS;
  let told = NO_COUNTS;
  let toldAt = clock.now();

  const tell = async () => {
    if (counts === told) return;
    const changes = changesOf(told, counts);
    const seconds = Math.max(1, clock.now() - toldAt) / 1000;
    const messages = changes.accepted + changes.applied + changes.superseded + changes.dead;
    log.info(
      {
        ...positive(changes),
        per_second: Number((messages / seconds).toFixed(1)),
        ...lagOf(await backlog(), clock.now()),
      },
      'last minute',
    );
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(EVERY, signal);
      if (signal.aborted) return;
      await tell();
      told = counts;
      toldAt = clock.now();
    }
  };
  void run();
  return {
    record(event) {
      counts = counted(counts, event);
    },
  };
}

/** `unpublished` is what waits now; everything else counts up. */
function changesOf(before: Counts, now: Counts): Counts {
  return {
    accepted: now.accepted - before.accepted,
    refused: now.refused - before.refused,
    applied: now.applied - before.applied,
    superseded: now.superseded - before.superseded,
    dead: now.dead - before.dead,
    unpublished: now.unpublished,
    retried: now.retried - before.retried,
    redelivered: now.redelivered - before.redelivered,
    settledBefore: now.settledBefore - before.settledBefore,
    unknownFields: now.unknownFields - before.unknownFields,
  };
}

function positive(counts: Counts): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function lagOf(backlog: readonly Backlog[] | undefined, now: number): Readonly<Record<string, number>> {
  if (backlog === undefined) return {};
  const consumers = backlog.flatMap((each) => each.consumers);
  const oldest = Math.min(...consumers.map(({ oldestAt }) => oldestAt ?? Infinity));
  return {
    waiting: consumers.reduce((sum, { messages }) => sum + messages, 0),
    ...(oldest === Infinity ? {} : { oldest_age_s: Math.round((now - oldest) / 1000) }),
  };
}
