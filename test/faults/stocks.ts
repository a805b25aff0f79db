import type { Send, Stock } from './content.ts';
import { inDisorder } from './disorder.ts';
import type { FaultOptions } from './options.ts';
import type { Random } from './random.ts';
import { repeated } from './repeated.ts';

const GONE = 0.4;

/** Versions of which some say that the row is gone: an older one that comes later must not bring it back. */
export function stockSends({ messages, keys }: FaultOptions, random: Random, span: number): readonly Send[] {
  const count = Math.max(30, Math.round(messages / 8));
  const stocks = inDisorder(count, Math.max(3, Math.round(keys / 8)), random, stock);
  return stocks.map((content, at) => ({
    key: `stock-${content.key}-${content.version}`,
    due: (at / stocks.length) * span,
    contents: [content],
    again: repeated(random),
  }));
}

function stock(key: number, version: number, random: Random): Stock {
  return { entity: 'Stock', key, version, cents: random.whole(0, 999_999), gone: random.chance(GONE) };
}
