import type { IToken } from 'chevrotain';
import { At, LeftParen, RightParen } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { between } from '../../lower/context.ts';
import { ATTRIBUTE_PLACE } from '../../codes/structure.ts';
import { expectsItem } from '../items.ts';
import { isName } from '../../is-name.ts';
import type { Mistake } from '../stuck.ts';

/** `@pii mail: text` and, before a declaration, `@strict entity Order {`. */
export const attributePlace: Mistake = ({ file, tokens, found, at, expected, complete }) => {
  if (found?.tokenType !== At) return undefined;
  const inBody = expectsItem(expected);
  if (!inBody && !complete && at > 0) return undefined;
  const end = endOfAttribute(tokens, at);
  const last = tokens[end - 1] ?? found;
  const span = between(file, found, last);
  const shown = `\`${spanText(span)}\``;
  return {
    finding: finding(ATTRIBUTE_PLACE, span, `the attribute ${shown} is before its field or entity`, {
      label: 'in the wrong place',
      help: inBody
        ? `write it after the type: \`name: text ${spanText(span)}\``
        : `write it after the name of the entity: \`entity Name ${spanText(span)} {\``,
    }),
    from: at,
    to: end,
    insert: [],
    sure: true,
  };
};

/** The index behind `@name` or `@name(…)`. */
function endOfAttribute(tokens: readonly IToken[], at: number): number {
  if (!isName(tokens[at + 1])) return at + 1;
  if (tokens[at + 2]?.tokenType !== LeftParen) return at + 2;
  const close = tokens.findIndex((token, index) => index > at && token.tokenType === RightParen);
  return close < 0 ? at + 2 : close + 1;
}
