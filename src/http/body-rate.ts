import type { Clock } from '../ports/clock.ts';

/** How slowly a body may come. */
export interface BodyRate {
  /** Milliseconds in which a body may come as it likes. */
  readonly grace: number;
  /** After that, on average since its start. */
  readonly bytesPerSecond: number;
}

/** As Kestrel does by default: slow lines pass, a client that holds a request open on purpose does not. */
export const BODY_RATE: BodyRate = { grace: 5_000, bytesPerSecond: 240 };

/** Milliseconds between two looks. */
const LOOK = 1_000;

export interface WatchedBody {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  received(): number;
  tooSlow(): void;
}

/** Looks at all bodies that are on their way, with one timer for all of them. */
export interface BodyWatch {
  add(body: WatchedBody): void;
  remove(body: WatchedBody): void;
  stop(): void;
}

export function watchBodies({ grace, bytesPerSecond }: BodyRate, clock: Clock): BodyWatch {
  const bodies = new Set<WatchedBody>();
  const stopping = new AbortController();
  let looking = false;

  /** Milliseconds that this process itself stood still, by the bodies that waited for it. */
  const still = new Map<WatchedBody, number>();

  const look = async () => {
    looking = true;
    const every = Math.min(LOOK, grace);
    while (bodies.size > 0 && !stopping.signal.aborted) {
      const before = clock.now();
      await clock.sleep(every, stopping.signal);
      const now = clock.now();
      // What came meanwhile is read only after this look.
      const late = now - before - every;
      for (const body of bodies) {
        if (late > every) still.set(body, (still.get(body) ?? 0) + late);
        const age = now - body.startedAt - (still.get(body) ?? 0);
        if (age > grace && body.received() < (age / 1000) * bytesPerSecond) body.tooSlow();
      }
    }
    looking = false;
  };

  return {
    add(body) {
      bodies.add(body);
      if (!looking) void look();
    },
    remove(body) {
      bodies.delete(body);
      still.delete(body);
    },
    stop: () => stopping.abort(),
  };
}
