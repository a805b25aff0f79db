import type { Clock } from '../../ports/clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

type Event = Parameters<Telemetry['record']>[0];

/** Which event ends which. */
const END_OF = { paused: 'resumed', 'not-ready': 'ready-again' } as const;
type Begin = keyof typeof END_OF;

/**
 * Tells of a pause only once it has lasted so many milliseconds, and of its end only where the pause was told. Everything else is told
 * at once. Of each kind of pause:
 *
 * none → held (it began) → none (it ended in time: nothing is told)
 * held → told (it lasts) → none (its end is told)
 */
export function lastingPauses(
  listener: Telemetry,
  { milliseconds, clock, signal }: { milliseconds: number; clock: Clock; signal: AbortSignal },
): Telemetry {
  const pauses = { paused: newPause(), 'not-ready': newPause() };
  const begin = (kind: Begin, event: Event): void => {
    const pause = pauses[kind];
    if (pause.told) return listener.record(event);
    pause.held.push(event);
    if (pause.held.length > 1) return;
    const over = AbortSignal.any([signal, pause.ended.signal]);
    void clock.sleep(milliseconds, over).then(() => {
      if (over.aborted) return;
      pause.told = true;
      for (const each of pause.held.splice(0)) listener.record(each);
    });
  };
  const end = (kind: Begin, event: Event): void => {
    const { told, ended } = pauses[kind];
    pauses[kind] = newPause();
    ended.abort();
    if (told) listener.record(event);
  };
  return {
    record(event) {
      switch (event.kind) {
        case 'paused':
        case 'not-ready':
          return begin(event.kind, event);
        case END_OF.paused:
          return end('paused', event);
        case END_OF['not-ready']:
          return end('not-ready', event);
        default:
          return listener.record(event);
      }
    },
  };
}

interface Pause {
  told: boolean;
  readonly held: Event[];
  readonly ended: AbortController;
}

function newPause(): Pause {
  return { told: false, held: [], ended: new AbortController() };
}
