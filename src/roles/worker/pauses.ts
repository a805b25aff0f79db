/** Why the worker does not get on now: each operation that waits for something outside has a reason here. */
export interface Pauses {
  open(): Pause;
  /** The reason of the one that has waited longest, or undefined while all get on. */
  reason(): string | undefined;
}

export interface Pause {
  because(reason: string): void;
  end(): void;
}

export function newPauses(): Pauses {
  const reasons = new Map<Pause, string>();
  return {
    open() {
      const pause: Pause = {
        because: (reason) => void reasons.set(pause, reason),
        end: () => void reasons.delete(pause),
      };
      return pause;
    },
    reason: () => reasons.values().next().value,
  };
}
