/**
 * Requests of one route that are worked on at once. One asks for a slot when its body is complete, and waits where none is
 * free: waiting costs nothing but its body, which the memory budget counts.
 */
export interface RequestSlots {
  /** Whether a request that asks now would find a slot. */
  isFree(): boolean;
  /** Resolves with true once there is a slot, with false when `gone` aborts before. */
  enter(gone: AbortSignal): Promise<boolean>;
  leave(): void;
}

export function requestSlots(count: number): RequestSlots {
  const line: (() => void)[] = [];
  let taken = 0;
  return {
    isFree: () => taken < count,
    enter(gone) {
      if (gone.aborted) return Promise.resolve(false);
      if (taken < count) {
        taken += 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const giveUp = () => {
          line.splice(line.indexOf(admit), 1);
          resolve(false);
        };
        const admit = () => {
          gone.removeEventListener('abort', giveUp);
          resolve(true);
        };
        gone.addEventListener('abort', giveUp, { once: true });
        line.push(admit);
      });
    },
    leave() {
      const next = line.shift();
      // The slot goes from hand to hand.
      if (next === undefined) taken -= 1;
      else next();
    },
  };
}
