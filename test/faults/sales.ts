import type { Sale, Send } from './content.ts';
import type { FaultOptions } from './options.ts';
import type { Random } from './random.ts';
import { repeated } from './repeated.ts';

/** So few that every batch adds to most of them, in every worker at once. */
const DAYS = 8;
const BATCHED = 0.2;

/** Messages that only add: one applied twice, or lost, is off by its amount for ever. */
export function saleSends({ messages }: FaultOptions, random: Random, span: number): readonly Send[] {
  const count = Math.max(40, Math.round(messages / 5));
  const sends: Send[] = [];
  for (let at = 0; at < count;) {
    const size = random.chance(BATCHED) ? random.whole(2, 12) : 1;
    const contents = Array.from({ length: Math.min(size, count - at) }, (_, next): Sale => ({
      entity: 'Sale',
      key: at + next,
      day: random.whole(1, DAYS),
      cents: random.whole(1, 999_999),
    }));
    sends.push({ key: `sale-${at}`, due: random.between(0, span), contents, again: repeated(random) });
    at += contents.length;
  }
  return sends;
}
