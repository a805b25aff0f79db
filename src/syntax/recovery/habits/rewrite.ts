import type { IToken } from 'chevrotain';
import { tokenize } from '../../../../grammar/tokens.ts';
import type { CodeDescription } from '../../../diagnostics/diagnostic.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import type { Fix } from '../stuck.ts';
import { emptyAt, endOf } from '../virtual.ts';
import type { Place } from './habit.ts';
import { spanOf } from './habit.ts';

/** What is written in place of some tokens, and what is said about it. */
export interface Rewriting {
  /** The first and the last token that it replaces, both included. */
  readonly from: number;
  readonly last: number;
  /** What should stand there; `help` says so where it has no words of its own. */
  readonly text: string;
  readonly code: Pick<CodeDescription, 'code' | 'severity'>;
  readonly message: string;
  readonly label: string;
  readonly help?: string;
  readonly sure?: boolean;
}

/** Says what is wrong with some tokens, and goes on as if the text stood there. */
export function rewrite(place: Place, rewriting: Rewriting): Fix {
  const { from, last, text, code, message, label, help = `write \`${text}\`` } = rewriting;
  return {
    finding: finding(code, spanOf(place, from, last), message, { label, help }),
    from,
    to: last + 1,
    insert: placed(place.tokens.slice(from, last + 1), text),
    sure: rewriting.sure ?? true,
  };
}

/** The tokens of a text, where possible at the places that they have in the file: what is wrong with one is shown there. */
export function placed(old: readonly IToken[], text: string): readonly IToken[] {
  let next = 0;
  let offset = old[0]?.startOffset ?? 0;
  return tokenize(text).tokens.map((token) => {
    const at = old.findIndex(
      ({ image, tokenType }, index) =>
        index >= next && image === token.image && tokenType === token.tokenType,
    );
    const same = old[at];
    if (same === undefined) return emptyAt(offset, token.tokenType, token.image);
    next = at + 1;
    offset = endOf(same);
    return same;
  });
}
