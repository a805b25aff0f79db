import type { TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { reserved } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import type { Label } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { between, tokenSpan } from '../../lower/context.ts';
import { CHAINED_COMPARISON } from '../../codes/expressions.ts';
import type { Mistake, Stuck } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';

const COMPARISONS = new Set<TokenType>([
  ...[t.EqualEqual, t.NotEqual, t.Less, t.LessEqual, t.Greater, t.GreaterEqual],
]);

/** `0 < quantity < 100`. */
export const chainedComparison: Mistake = (stuck) => {
  const { file, found, at, wantsOperator } = stuck;
  if (found === undefined || !wantsOperator || !COMPARISONS.has(found.tokenType)) return undefined;
  const first = firstOperator(stuck);
  const related: readonly Label[] =
    first === undefined ? [] : [{ span: tokenSpan(file, first), text: 'the first comparison' }];
  return {
    finding: finding(
      CHAINED_COMPARISON,
      tokenSpan(file, found),
      `comparisons do not chain: \`${found.image}\` would compare the result of the comparison before it`,
      { label: 'the second comparison', related, help: helpOf(stuck, first === undefined ? -1 : at) },
    ),
    from: at,
    to: at + 1,
    insert: [inPlaceOf(found, reserved.and)],
    sure: true,
  };
};

function firstOperator({ tokens, at }: Stuck) {
  const before = tokens.slice(Math.max(at - 40, 0), at);
  return before.findLast((token) => COMPARISONS.has(token.tokenType));
}

/** Shows the fixed text where the operand in the middle is a single word. */
function helpOf({ file, tokens }: Stuck, at: number): string {
  const [previous, middle, operator, last] = [tokens[at - 2], tokens[at - 1], tokens[at], tokens[at + 1]];
  const plain = previous !== undefined && COMPARISONS.has(previous.tokenType);
  if (!plain || middle === undefined || operator === undefined || last === undefined) {
    return 'write two comparisons, joined by `and`';
  }
  const shown = spanText(between(file, operator, last));
  return `write two comparisons: \`… ${previous.image} ${middle.image} and ${middle.image} ${shown}\``;
}
