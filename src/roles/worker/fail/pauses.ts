import type { Clock } from '../../../ports/clock.ts';
import type { Failure } from '../../../ports/failure.ts';
import type { Log } from '../../../ports/log.ts';

/**
 * Why the worker waits now: each operation that waits for something outside has a reason here.
 *
 * running → paused (the first reason: a line in the log, and one more for each other code) → running (a line with how long)
 */
export interface Pauses {
  open(): Pause;
  /** The reason of the one that has waited longest, or undefined while none waits. */
  reason(): string | undefined;
  /** Whether an operation waits that holds the others back: they fetch nothing meanwhile. */
  holdsBack(): boolean;
}

export interface Pause {
  /** `holdsBack` where everything else would have to wait too. */
  because(failure: Failure, holdsBack?: boolean): void;
  end(): void;
}

interface Reason {
  readonly text: string;
  readonly holdsBack: boolean;
}

export function newPauses({ clock, log }: { readonly clock: Clock; readonly log: Log }): Pauses {
  const reasons = new Map<Pause, Reason>();
  const told = new Set<string>();
  let since = 0;

  const tell = ({ code, message, sql }: Failure): void => {
    if (told.has(code)) return;
    told.add(code);
    const fields = { code, reason: message, sqlstate: sql?.sqlstate };
    if (code === 'STORE_MISCONFIGURED' || code === 'QUEUE_MISCONFIGURED')
      log.error(fields, 'paused: the configuration must change');
    else log.warn(fields, 'paused: waits for Postgres or the queue');
  };

  return {
    open() {
      const pause: Pause = {
        because(failure, holdsBack = true) {
          if (reasons.size === 0) since = clock.now();
          reasons.set(pause, { text: failure.message, holdsBack });
          tell(failure);
        },
        end() {
          if (!reasons.delete(pause) || reasons.size > 0) return;
          told.clear();
          log.info({ paused_ms: clock.now() - since }, 'resumed');
        },
      };
      return pause;
    },
    reason: () => reasons.values().next().value?.text,
    holdsBack: () => reasons.values().some(({ holdsBack }) => holdsBack),
  };
}
