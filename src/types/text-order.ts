import type { Value } from './value.ts';

/**
 * Order of two values that are texts, by code point: that of Postgres's `COLLATE "C"` over UTF-8, whatever the database
 * has as its own. JavaScript's `<` differs: by UTF-16 units U+FFFD comes behind U+1F680. Also the order of dates, times and
 * ids, whose one form sorts as they do.
 */
export function compareTexts(left: Value, right: Value): number {
  const [a, b] = [left as string, right as string];
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return place(x) - place(y);
  }
  return a.length - b.length;
}

/** Surrogates, of which the characters above U+FFFF are made, belong behind all other units. */
function place(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x2800 : unit;
}
