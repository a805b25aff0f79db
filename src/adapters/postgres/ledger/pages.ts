/** Pages of a table that one step of a walk looks through: 2 MB. */
export const PAGES_OF_STEP = 256;

/** The step that begins at a page, as two values of `tid`: from the first to before the second. */
export function pageRange(page: number): readonly [from: string, to: string] {
  return [`(${page},0)`, `(${page + PAGES_OF_STEP},0)`];
}
