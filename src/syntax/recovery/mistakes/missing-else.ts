import { MissingExpression, reserved } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { tokenSpan } from '../../lower/context.ts';
import { MISSING_ELSE } from '../../codes/expressions.ts';
import type { Mistake, Stuck } from '../stuck.ts';
import { expects, gapOf } from '../stuck.ts';
import { emptyAt } from '../virtual.ts';

/** `if urgent then "A"`. */
export const missingElse: Mistake = (stuck) => {
  const { file, tokens, at } = stuck;
  if (!expects(stuck, reserved.else) || !stuck.wantsOperator || elseFollows(stuck)) return undefined;
  const start = tokens.slice(0, at).findLast((token) => token.tokenType === reserved.if);
  const gap = gapOf(stuck);
  return {
    finding: finding(MISSING_ELSE, gap, 'this `if` has no `else`', {
      label: 'expected `else` here',
      related: start === undefined ? [] : [{ span: tokenSpan(file, start), text: 'the `if`' }],
      help: 'add the value for the other case, for example `else null`',
    }),
    from: at,
    to: at,
    insert: [emptyAt(gap.start, reserved.else), emptyAt(gap.start, MissingExpression, '')],
    sure: false,
  };
};

/** The `else` is there, but something else stands before it. */
function elseFollows({ tokens, at, item }: Stuck): boolean {
  const rest = tokens.slice(at, item === undefined ? undefined : Math.max(item.to, at));
  return rest.some((token) => token.tokenType === reserved.else);
}
