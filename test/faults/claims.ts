import type { Send } from './content.ts';
import type { FaultOptions } from './options.ts';
import type { Random } from './random.ts';

/** Milliseconds after the first, at most; longer than the stream remembers ids. */
const LATER = 8_000;

/** Requests whose Idempotency-Key is then used for another body, which must not have an effect of its own. */
export function claimSends({ messages }: FaultOptions, random: Random, span: number): readonly Send[] {
  return Array.from({ length: Math.max(10, Math.round(messages / 100)) }, (_, at) => ({
    key: `claim-${at}`,
    due: random.between(0, span),
    contents: [{ entity: 'Claim', key: at, variant: 1 }],
    again: undefined,
    other: { content: { entity: 'Claim', key: at, variant: 2 }, after: random.between(0, LATER) },
  }));
}
