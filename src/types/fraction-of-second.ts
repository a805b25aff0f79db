/** Postgres keeps microseconds. */
const MAX_DIGITS = 6;

export type FractionOfSecond =
  /** Canonical: without trailing zeros, with its dot; empty for a whole second. `end` is the offset behind it. */
  | { readonly kind: 'fraction'; readonly text: string; readonly end: number }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too-precise'; readonly digits: number };

/** Reads `.5` at an offset where there is a dot; further digits than Postgres keeps may only be zeros. */
export function readFraction(text: string, at: number): FractionOfSecond {
  if (text.charCodeAt(at) !== 46) return { kind: 'fraction', text: '', end: at };
  let end = at + 1;
  let significant = at;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code < 48 || code > 57) break;
    if (code !== 48) significant = end + 1;
  }
  if (end === at + 1) return { kind: 'malformed' };
  const digits = significant - at - 1;
  if (digits > MAX_DIGITS) return { kind: 'too-precise', digits };
  return { kind: 'fraction', text: text.slice(at, significant), end };
}
