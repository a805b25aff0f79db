/** Wakes the consumers of this process when one of its publishers stored something: `dev` need not wait for a poll. */
export interface Arrivals {
  announce(): void;
  /** Resolves at the next announcement, after `milliseconds`, or when `signal` aborts. */
  next(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export function arrivals(): Arrivals {
  const sleepers = new Set<() => void>();
  return {
    announce() {
      for (const wake of [...sleepers]) wake();
    },
    next(milliseconds, signal) {
      if (signal.aborted) return Promise.resolve();
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
