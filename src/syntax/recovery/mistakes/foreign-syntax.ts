import { EqualEqual, LeftParen, NotEqual, Question, reserved } from '../../../../grammar/tokens.ts';
import * as t from '../../../../grammar/tokens.ts';
import { expectedIn } from '../../../../grammar/expectation.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { between, tokenSpan } from '../../lower/context.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { expectsOperator } from '../describe.ts';
import type { Fix, Mistake, Stuck } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';

/** `a ? b : c`, `name.trim()` and `x is null`. */
export const foreignSyntax: Mistake = (stuck) => ternary(stuck) ?? method(stuck) ?? sqlWord(stuck);

function ternary({ file, found, at, item, wantsOperator }: Stuck): Fix | undefined {
  if (found?.tokenType !== Question || !wantsOperator || item === undefined) return undefined;
  return {
    finding: finding(FOREIGN_SYNTAX, tokenSpan(file, found), '`? :` is not an operator', {
      label: 'not part of this language',
      help: 'write `if condition then a else b`',
    }),
    from: at,
    to: Math.max(item.to, at + 1),
    insert: [],
    sure: true,
  };
}

function method({ file, tokens, found, before, at, wantsOperator }: Stuck): Fix | undefined {
  const dot = tokens[at - 2]?.tokenType;
  if (found?.tokenType !== LeftParen || before === undefined || !wantsOperator) return undefined;
  if (dot !== t.Dot && dot !== t.QuestionDot) return undefined;
  const close = tokens.findIndex((token, index) => index > at && token.tokenType === t.RightParen);
  const last = tokens[close];
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      last === undefined ? tokenSpan(file, before) : between(file, before, last),
      `\`${before.image}\` is called like a method, but values have no methods`,
      {
        label: 'not part of this language',
        help: `write \`${before.image}(…)\` with the value in parentheses`,
      },
    ),
    from: at,
    to: close < 0 ? at + 1 : close + 1,
    insert: [],
    sure: false,
  };
}

const SQL_HELP: Readonly<Record<string, string>> = {
  is: 'write `== null` or `!= null`',
  in: 'compare with each value: `x == a or x == b`',
  like: 'write `starts_with(x, "…")`, `contains(x, "…")` or `regex_match(x, "…")`',
  between: 'write `low <= x and x <= high`',
};

/** Words of SQL behind an operand. In braces they were read as the name of the next field. */
function sqlWord(stuck: Stuck): Fix | undefined {
  const { file, tokens, states, at } = stuck;
  const where = [at, at - 1].find(
    (index) =>
      Object.hasOwn(SQL_HELP, tokens[index]?.image.toLowerCase() ?? '') &&
      expectsOperator(expectedIn(states[index] ?? [])),
  );
  const token = where === undefined ? undefined : tokens[where];
  if (where === undefined || token === undefined) return undefined;
  const sql = token.image.toLowerCase();
  const negated = tokens[where + 1]?.tokenType === reserved.not;
  const operand = where + (negated ? 2 : 1);
  const isNull = sql === 'is' && tokens[operand]?.tokenType === reserved.null;
  const help = isNull ? `write \`${negated ? '!=' : '=='} null\`` : SQL_HELP[sql];
  return {
    finding: finding(FOREIGN_SYNTAX, tokenSpan(file, token), `\`${token.image}\` is not an operator`, {
      label: 'as in SQL',
      help,
    }),
    from: where,
    to: isNull ? operand : (stuck.item?.to ?? where + 1),
    insert: isNull ? [inPlaceOf(token, negated ? NotEqual : EqualEqual)] : [],
    sure: isNull,
  };
}
