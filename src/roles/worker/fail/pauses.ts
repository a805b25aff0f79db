import type { Clock } from '../../../ports/clock.ts';
import type { Failure } from '../../../ports/failure.ts';
import type { Telemetry } from '../../../ports/telemetry.ts';

/**
 * Why the worker waits now: each operation that waits for something outside has a reason here.
 *
 * running → paused (an event for the first reason, and one more for each other code) → running (an event with how long)
 */
export interface Pauses {
  open(): Pause;
  /** Their reasons, the longest wait first and each once, with `; ` between; undefined while none waits. */
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

/** Reasons that are told at once. */
const TOLD = 3;

export function newPauses(clock: Clock, telemetry: Telemetry): Pauses {
  const reasons = new Map<Pause, Reason>();
  const told = new Set<string>();
  let since = 0;

  const tell = ({ code, message, sql }: Failure): void => {
    if (told.has(code)) return;
    told.add(code);
    const needsChange = code === 'STORE_MISCONFIGURED' || code === 'QUEUE_MISCONFIGURED';
    telemetry.record({ kind: 'paused', code, reason: message, sqlstate: sql?.sqlstate, needsChange });
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
          telemetry.record({ kind: 'resumed', pausedMs: clock.now() - since });
        },
      };
      return pause;
    },
    reason() {
      const texts = [...new Set([...reasons.values()].map(({ text }) => text))];
      return texts.length === 0 ? undefined : texts.slice(0, TOLD).join('; ');
    },
    holdsBack: () => reasons.values().some(({ holdsBack }) => holdsBack),
  };
}
