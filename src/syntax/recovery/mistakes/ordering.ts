import type { IToken } from 'chevrotain';
import { Colon, Comma, LeftParen, RightCurly, RightParen, word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { between } from '../../lower/context.ts';
import { MISSING_WORD, UNEXPECTED, UNKNOWN_KEYWORD } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Fix, Mistake, Stuck } from '../stuck.ts';
import { expects } from '../stuck.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';

/** `order by (customer)`, `ordered by customer`, and `ordered by (customer)` in the braces of a store. */
export const ordering: Mistake = (stuck) =>
  otherWords(stuck) ?? withoutParentheses(stuck) ?? insideStore(stuck);

const WORDS = new Set([
  'order',
  'ordered',
  'orderby',
  'orderedby',
  'order_by',
  'ordered_by',
  'sort',
  'sorted',
]);

function otherWords(stuck: Stuck): Fix | undefined {
  const { file, tokens, before, found, at } = stuck;
  if (before === undefined || found === undefined || !expects(stuck, Colon, 'field')) return undefined;
  if (!WORDS.has(before.image.toLowerCase())) return undefined;
  const joins = found.tokenType === word.by || found.tokenType === word.on;
  if (tokens[joins ? at + 1 : at]?.tokenType !== LeftParen) return undefined;
  const last = joins ? found : before;
  const by = joins ? inPlaceOf(found, word.by) : emptyAt(endOf(before), word.by);
  return {
    finding: finding(
      UNKNOWN_KEYWORD,
      between(file, before, last),
      'unknown keyword; to keep messages in order, use `ordered by (…)`',
      { label: 'unknown keyword', help: 'write `ordered by`' },
    ),
    from: at - 1,
    to: joins ? at + 1 : at,
    insert: [inPlaceOf(before, word.ordered), by],
    sure: true,
  };
}

function withoutParentheses({ file, tokens, found, before, at }: Stuck): Fix | undefined {
  if (before?.tokenType !== word.by || tokens[at - 2]?.tokenType !== word.ordered) return undefined;
  if (!isName(found) || !sameLine(file, endOf(before), found.startOffset)) return undefined;
  let end = at + 1;
  while (tokens[end]?.tokenType === Comma && isName(tokens[end + 1])) end += 2;
  const names = tokens.slice(at, end);
  const span = between(file, found, names.at(-1) ?? found);
  return {
    finding: finding(MISSING_WORD, span, 'expected parentheses around the fields of `ordered by`', {
      label: 'not in parentheses',
      help: `write \`(${spanText(span)})\``,
    }),
    from: at,
    to: end,
    insert: [emptyAt(span.start, LeftParen), ...names, emptyAt(span.end, RightParen)],
    sure: true,
  };
}

function insideStore(stuck: Stuck): Fix | undefined {
  const { file, tokens, found, at } = stuck;
  const by = tokens[at + 1];
  if (found?.tokenType !== word.ordered || by?.tokenType !== word.by) return undefined;
  if (!expects(stuck, RightCurly, 'store')) return undefined;
  return {
    finding: finding(
      UNEXPECTED,
      between(file, found, by),
      '`ordered by` belongs in an entity, not in a `store`',
      { label: 'inside a `store`', help: 'move it to the fields of the entity' },
    ),
    from: at,
    to: endOfNames(tokens, at + 2),
    insert: [],
    sure: true,
  };
}

/** The index behind `(a, b)`. */
function endOfNames(tokens: readonly IToken[], at: number): number {
  if (tokens[at]?.tokenType !== LeftParen) return at;
  const close = tokens.findIndex((token, index) => index > at && token.tokenType === RightParen);
  return close < 0 ? at : close + 1;
}
