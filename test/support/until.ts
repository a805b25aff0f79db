/**
 * Waits until `condition` gives something other than `false` or `undefined`, and gives that. Asks again every
 * `every` ms; after `within` ms it rejects with what was waited for and, where the condition threw, with that error.
 * `within` only ends a wait that is in vain, a little before the test's own limit would: it is no promise about speed.
 */
export async function until<T>(
  what: string,
  condition: () => T | false | undefined | Promise<T | false | undefined>,
  { within = 100_000, every = 20 }: { within?: number; every?: number } = {},
): Promise<T> {
  const deadline = Date.now() + within;
  for (;;) {
    let cause: unknown;
    try {
      const result = await condition();
      if (result !== false && result !== undefined) return result;
    } catch (error) {
      cause = error;
    }
    if (Date.now() >= deadline) throw new Error(`waited ${within} ms in vain for: ${what}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
