/**
 * Requests of one route that are worked on at once. One asks for a slot when its body is complete, and waits where none is
 * free: waiting costs nothing but its body, which the memory budget counts, and its sender's time, which is bounded.
 */
export interface RequestSlots {
  /** Whether a request that asks now would find a slot. */
  isFree(): boolean;
  /** Resolves with `in` once there is a slot, with `gone` when `gone` aborts before, and with `late` after as long as one may wait. */
  enter(gone: AbortSignal): Promise<'in' | 'gone' | 'late'>;
  leave(): void;
}

/** At most `count` at once; one waits at most `wait` milliseconds. */
export function requestSlots(count: number, wait: number): RequestSlots {
  const line: (() => void)[] = [];
  let taken = 0;
  return {
    isFree: () => taken < count,
    enter(gone) {
      if (gone.aborted) return Promise.resolve('gone');
      if (taken < count) {
        taken += 1;
        return Promise.resolve('in');
      }
      return new Promise((resolve) => {
        const end = (how: 'in' | 'gone' | 'late') => {
          clearTimeout(timer);
          gone.removeEventListener('abort', giveUp);
          if (how !== 'in') line.splice(line.indexOf(admit), 1);
          resolve(how);
        };
        const giveUp = () => end('gone');
        const admit = () => end('in');
        const timer = setTimeout(() => end('late'), wait);
        gone.addEventListener('abort', giveUp);
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
