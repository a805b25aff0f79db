import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

/** Milliseconds between two lines. */
const EVERY = 60_000;

/** So many keys are named in one line, and so many characters of each. */
const MAX_NAMES = 20;
const MAX_LENGTH = 60;

export interface UnknownKeyNoticeOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** Aborts when the role stops. */
  readonly signal: AbortSignal;
}

/** What messages of one entity had that no field read, since the last line. */
interface Unread {
  count: number;
  readonly names: Set<string>;
}

/** Says at most once a minute, for each entity, which keys of its messages no field reads. Their values are never told. */
export function unknownKeyNotice({ log, clock, signal }: UnknownKeyNoticeOptions): Telemetry {
  let unread = new Map<string, Unread>();
  const tell = (): void => {
    for (const [entity, { count, names }] of unread)
      log.warn(
        { entity, count, keys: [...names].toSorted() },
        'messages have keys that no field reads; their values are not stored',
      );
    unread = new Map();
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(EVERY, signal);
      tell();
    }
  };
  void run();
  return {
    record(event) {
      if (event.kind !== 'committed') return;
      for (const [entity, count] of event.unknownKeys) {
        const known = unread.get(entity) ?? { count: 0, names: new Set() };
        unread.set(entity, known);
        known.count += count;
        for (const name of event.unknownNames?.get(entity) ?? [])
          if (known.names.size < MAX_NAMES) known.names.add(name.slice(0, MAX_LENGTH));
      }
    },
  };
}
