import type { Clock } from '../../ports/clock.ts';

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

  const look = async () => {
    looking = true;
    while (bodies.size > 0 && !stopping.signal.aborted) {
      await clock.sleep(Math.min(LOOK, grace), stopping.signal);
      const now = clock.now();
      for (const body of bodies) {
        const age = now - body.startedAt;
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
    remove: (body) => void bodies.delete(body),
    stop: () => stopping.abort(),
  };
}
