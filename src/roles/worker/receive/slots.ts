/** Runs at most so many pieces of work at once; the others wait in the order of asking. */
export type Slots = <T>(work: () => Promise<T>) => Promise<T>;

export function newSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
