/** Wakes the consumers of this process when one of its publishers stored something: `dev` need not wait for a poll. */
export interface Arrivals {
  announce(): void;
  /** Counts the announcements. */
  count(): number;
  /**
   * Resolves when more than `known` have been announced, after `milliseconds`, or when `signal` aborts. Take the count
   * before you look at the queue, and what comes during the look wakes you too.
   */
  next(known: number, milliseconds: number, signal: AbortSignal): Promise<void>;
}

export function arrivals(): Arrivals {
  const sleepers = new Set<() => void>();
  let announced = 0;
  return {
    announce() {
      announced += 1;
      for (const wake of [...sleepers]) wake();
    },
    count: () => announced,
    next(known, milliseconds, signal) {
      if (signal.aborted || announced > known) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          sleepers.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, milliseconds);
        sleepers.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    },
  };
}
