/**
 * Waits until `condition` gives something other than `false` or `undefined`, and gives that. Asks again every
 * `every` ms; without it the pauses grow with the wait, since to ask costs those who are waited for. After `within` ms it
 * rejects with what was waited for and, where the condition threw, with that error.
 * `within` only ends a wait that is in vain, a little before the test's own limit would: it is no promise about speed.
 */
export async function until<T>(
  what: string,
  condition: () => T | false | undefined | Promise<T | false | undefined>,
  { within = 100_000, every }: { within?: number; every?: number } = {},
): Promise<T> {
  const started = Date.now();
  const deadline = started + within;
  for (;;) {
    let cause: unknown;
    try {
      const result = await condition();
      if (result !== false && result !== undefined) return result;
    } catch (error) {
      cause = error;
    }
    if (Date.now() >= deadline) throw new Error(`waited ${within} ms in vain for: ${what}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, every ?? pauseAfter(Date.now() - started)));
  }
}

/** Milliseconds: a tenth of the wait so far, so that what has come is seen at most a tenth later, within these bounds. */
function pauseAfter(waited: number): number {
  return Math.min(100, Math.max(20, waited / 10));
}
