import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { between, tokenSpan } from '../../lower/context.ts';
import { MISSING_EXPRESSION } from '../../codes/expressions.ts';
import { WRONG_SIGN } from '../../codes/structure.ts';
import { describeToken } from '../describe.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Fix, Mistake, Stuck } from '../stuck.ts';
import { expects, fits, gapOf } from '../stuck.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';

/** Signs that are taken for each other: what is written, and what may be meant. */
const CONFUSED: readonly (readonly [TokenType, TokenType])[] = [
  [t.Equal, t.Colon],
  [t.EqualEqual, t.Equal],
  [t.EqualEqual, t.Colon],
  [t.Colon, t.Equal],
  [t.Colon, t.Arrow],
  [t.Equal, t.Arrow],
  [t.Range, t.Spread],
];

/** `port = 8080`, `Open: "O"`, `id uuid`: the sign between a name and what it is given. */
export const wrongSign: Mistake = (stuck) => confusedSign(stuck) ?? missingSign(stuck) ?? bareName(stuck);

function confusedSign(stuck: Stuck): Fix | undefined {
  const { file, tokens, found, before, at } = stuck;
  if (found === undefined || before === undefined) return undefined;
  if (found.tokenType !== t.Range && !sameLine(file, endOf(before), found.startOffset)) return undefined;
  const next = tokens[at + 1];
  const pair = CONFUSED.find(
    ([written, meant]) =>
      found.tokenType === written &&
      expects(stuck, meant) &&
      fits(stuck, inPlaceOf(found, meant), ...(next === undefined ? [] : [next])),
  );
  if (pair === undefined) return undefined;
  const sign = `\`${pair[1].LABEL}\``;
  const message =
    pair[1] === t.Spread
      ? 'a spread has three dots, found `..`'
      : `expected ${sign} ${contextOf(stuck)}, found \`${found.image}\``;
  // A `:` touches its name.
  const named = pair[1] === t.Colon && isName(before);
  return {
    finding: finding(WRONG_SIGN, named ? between(file, before, found) : tokenSpan(file, found), message, {
      label: `expected ${sign} here`,
      help: `write \`${named ? `${before.image}:` : pair[1].LABEL}\``,
    }),
    from: at,
    to: at + 1,
    insert: [inPlaceOf(found, pair[1])],
    sure: true,
  };
}

function missingSign(stuck: Stuck): Fix | undefined {
  const { file, found, before, at } = stuck;
  if (found === undefined || before === undefined) return undefined;
  if (!sameLine(file, endOf(before), found.startOffset)) return undefined;
  // A parenthesis does not tell what was meant: `text (500)` lacks no sign.
  if (found.tokenType === t.LeftParen) return undefined;
  // A field may have either: a type is more likely to follow a bare name.
  const sign = [t.Colon, t.Equal].find(
    (candidate) =>
      expects(stuck, candidate) &&
      !stuck.wantsOperator &&
      fits(stuck, emptyAt(endOf(before), candidate), found),
  );
  if (sign === undefined) return undefined;
  const named = `\`${sign.LABEL}\``;
  return {
    finding: finding(
      WRONG_SIGN,
      between(file, before, found),
      `expected ${named} ${contextOf(stuck)}, found ${describeToken(found)}`,
      {
        label: `expected ${named} here`,
        help: `write \`${before.image}${sign === t.Colon ? ':' : ' ='} ${found.image}\``,
      },
    ),
    from: at,
    to: at,
    insert: [emptyAt(endOf(before), sign)],
    sure: true,
  };
}

/** A name alone on its line: a field without type and value, or a check of nothing. */
function bareName(stuck: Stuck): Fix | undefined {
  const { file, before, found, at } = stuck;
  if (!isName(before) || !expects(stuck, t.Colon, 'field')) return undefined;
  if (
    found !== undefined &&
    found.tokenType !== t.RightCurly &&
    sameLine(file, endOf(before), found.startOffset)
  ) {
    return undefined;
  }
  if (before.tokenType === t.word.check) {
    return {
      finding: finding(MISSING_EXPRESSION, gapOf(stuck), 'expected an expression after `check`', {
        label: 'expected an expression here',
      }),
      from: at,
      to: at,
      insert: [emptyAt(endOf(before), t.MissingExpression, '')],
      sure: false,
    };
  }
  const offset = endOf(before);
  const insert = [emptyAt(offset, t.Colon), emptyAt(offset, t.Identifier, '')];
  return {
    finding: finding(
      WRONG_SIGN,
      gapOf(stuck),
      `the field \`${before.image}\` has neither a type nor a value`,
      {
        label: 'expected `:` or `=` here',
        help: `write \`${before.image}: text\`, or \`${before.image} = …\` for a computed field`,
      },
    ),
    from: at,
    to: at,
    insert,
    sure: false,
  };
}

function contextOf({ before, expected }: Stuck): string {
  const written = name(before);
  if (expected.some(({ rule }) => rule === 'setting')) return 'between a setting and its value';
  if (expected.some(({ rule }) => rule === 'enumMember')) return 'between a member and its text';
  if (expected.some(({ rule }) => rule === 'subject'))
    return `between the subject ${written} and its pattern`;
  if (expected.some(({ rule }) => rule === 'arm')) return 'between a pattern and its value';
  if (expected.some(({ rule }) => rule === 'parameter')) {
    return `between the parameter ${written} and its type`;
  }
  if (expected.some(({ rule, type }) => rule === 'field' && type === t.Colon)) {
    return `after the field's name ${written}`;
  }
  return before === undefined ? 'here' : `after \`${before.image}\``;
}

function name(token: IToken | undefined): string {
  return token === undefined ? '' : `\`${token.image}\``;
}
