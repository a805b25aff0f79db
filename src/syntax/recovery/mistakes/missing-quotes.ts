import { Identifier, TextLiteral } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { tokenSpan } from '../../lower/context.ts';
import { WRONG_QUOTES } from '../../codes/words.ts';
import { describeToken } from '../describe.ts';
import { isName } from '../../is-name.ts';
import type { Mistake } from '../stuck.ts';
import { expects, fits } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';

/** `import orders` and, in JSON, `{ id: 1 }`. */
export const missingQuotes: Mistake = (stuck) => {
  const { file, tokens, found, at, expected, wantsOperator } = stuck;
  if (!isName(found) || wantsOperator || !expects(stuck, TextLiteral) || expects(stuck, Identifier)) {
    return undefined;
  }
  const text = inPlaceOf(found, TextLiteral, JSON.stringify(found.image));
  const next = tokens[at + 1];
  if (next !== undefined && !fits(stuck, text, next)) return undefined;
  return {
    finding: finding(
      WRONG_QUOTES,
      tokenSpan(file, found),
      expected.some(({ rule }) => rule === 'jsonObject')
        ? 'a key of JSON is a text in double quotes'
        : `expected text in double quotes, found ${describeToken(found)}`,
      { label: 'without quotes', help: `write "${found.image}"` },
    ),
    from: at,
    to: at + 1,
    insert: [text],
    sure: true,
  };
};
