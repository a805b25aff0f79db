import { EqualEqual, LeftParen, NotEqual, Question, reserved } from '../../../../grammar/tokens.ts';
import * as t from '../../../../grammar/tokens.ts';
import { expectedIn } from '../../../../grammar/expectation.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { between, tokenSpan } from '../../lower/context.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { spanText, type Span } from '../../../text/source.ts';
import { foreignFunctions } from '../../foreign-functions.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import { expectsOperator } from '../describe.ts';
import type { Fix, Mistake, Stuck } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';

/** `a ? b : c`, `name.trim()` and `x is null`. */
export const foreignSyntax: Mistake = (stuck) => ternary(stuck) ?? method(stuck) ?? sqlWord(stuck);

function ternary(stuck: Stuck): Fix | undefined {
  const { file, tokens, found, at, item, wantsOperator } = stuck;
  if (found?.tokenType !== Question || !wantsOperator || item === undefined) return undefined;
  const begin = tokens.findLastIndex(
    ({ tokenType }, index) =>
      index < at && (tokenType === t.Equal || tokenType === t.word.check || tokenType === t.LeftParen),
  );
  const colon = tokens.findIndex(({ tokenType }, index) => index > at && tokenType === t.Colon);
  const behind = sameLineEnd(stuck, colon + 1);
  const [first, question, yes, last, no, sign] = [
    ...[
      tokens[begin + 1],
      tokens[at - 1],
      tokens[colon - 1],
      tokens[behind - 1],
      tokens[colon + 1],
      tokens[colon],
    ],
  ];
  const start = tokens[begin];
  const near = start !== undefined && sameLine(file, start.startOffset, found.startOffset);
  const whole = near && tokens[begin]?.tokenType !== t.LeftParen && colon > at + 1 && behind > colon + 1;
  if (whole && first && question && yes && last && no && sign) {
    const [condition, then, other] = [
      spanText(between(file, first, question)),
      spanText(between(file, tokens[at + 1] ?? yes, yes)),
      spanText(between(file, no, last)),
    ];
    return {
      finding: finding(FOREIGN_SYNTAX, between(file, first, last), '`? :` is not an operator', {
        label: 'as in TypeScript',
        help: `write \`if ${condition} then ${then} else ${other}\``,
      }),
      from: begin + 1,
      to: behind,
      insert: [
        ...[inPlaceOf(first, reserved.if), ...tokens.slice(begin + 1, at), inPlaceOf(found, reserved.then)],
        ...[
          ...tokens.slice(at + 1, colon),
          inPlaceOf(sign, reserved.else),
          ...tokens.slice(colon + 1, behind),
        ],
      ],
      sure: true,
    };
  }
  return {
    finding: finding(FOREIGN_SYNTAX, tokenSpan(file, found), '`? :` is not an operator', {
      label: 'as in TypeScript',
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
  let start = at - 2;
  while (
    isName(tokens[start - 1]) &&
    (tokens[start - 2]?.tokenType === t.Dot || tokens[start - 2]?.tokenType === t.QuestionDot)
  )
    start -= 2;
  const first = isName(tokens[start - 1]) && last !== undefined ? tokens[start - 1] : undefined;
  const [receiver, one, other] = [tokens[at - 3], tokens[at + 1], tokens[close - 1]];
  const value = first === undefined || receiver === undefined ? '' : spanText(between(file, first, receiver));
  const given =
    close > at + 1 && one !== undefined && other !== undefined ? spanText(between(file, one, other)) : '';
  const ours = ownName(before.image);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      last === undefined ? tokenSpan(file, before) : between(file, first ?? before, last),
      `\`${before.image}\` is called like a method, but values have no methods`,
      {
        label: 'as in TypeScript',
        help:
          first === undefined
            ? `write \`${ours}(…)\` with the value in parentheses`
            : `write \`${ours}(${value}${given === '' ? '' : `, ${given}`})\``,
      },
    ),
    from: at,
    to: close < 0 ? at + 1 : close + 1,
    insert: [],
    sure: false,
  };
}

/** The name of a function here, where it has another one elsewhere. */
function ownName(name: string): string {
  const help = foreignFunctions.get(name.toLowerCase()) ?? '';
  return /^write `(\w+)`$/.exec(help)?.[1] ?? name;
}

/** The index behind the tokens of a line, which ends an item that is read no further. */
function sameLineEnd({ file, tokens }: Stuck, at: number): number {
  let end = at;
  while (end < tokens.length) {
    const [token, before] = [tokens[end], tokens[end - 1]];
    if (token === undefined || before === undefined || token.tokenType === t.RightCurly) break;
    if (!sameLine(file, before.startOffset, token.startOffset)) break;
    end += 1;
  }
  return end;
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
  const last = isNull ? tokens[operand] : undefined;
  const exact = isNull ? undefined : comparisonOf(stuck, where);
  const help = isNull ? `write \`${negated ? '!=' : '=='} null\`` : (exact?.help ?? SQL_HELP[sql]);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      exact?.span ?? (last === undefined ? tokenSpan(file, token) : between(file, token, last)),
      `\`${token.image}\` is not an operator`,
      { label: 'as in SQL', help },
    ),
    from: where,
    to: isNull ? operand : (stuck.item?.to ?? where + 1),
    insert: isNull ? [inPlaceOf(token, negated ? NotEqual : EqualEqual)] : [],
    sure: isNull,
  };
}

/** The whole comparison in our words, where its left side is a name or a path. */
function comparisonOf(
  { file, tokens }: Stuck,
  where: number,
): { readonly span: Span; readonly help: string } | undefined {
  let start = where - 1;
  while (tokens[start - 1]?.tokenType === t.Dot && isName(tokens[start - 2])) start -= 2;
  const [first, before, sql, operand] = [tokens[start], tokens[where - 1], tokens[where], tokens[where + 1]];
  if (!isName(first) || before === undefined || sql === undefined || operand === undefined) return undefined;
  const left = spanText(between(file, first, before));
  switch (sql.image.toLowerCase()) {
    case 'in': {
      const close = tokens.findIndex(({ tokenType }, index) => index > where && tokenType === t.RightParen);
      const last = tokens[close];
      if (operand.tokenType !== LeftParen || last === undefined) return undefined;
      const values = tokens.slice(where + 2, close).filter(({ tokenType }) => tokenType !== t.Comma);
      if (values.length * 2 - 1 !== close - where - 2) return undefined;
      const help = `write \`${values.map(({ image }) => `${left} == ${image}`).join(' or ')}\``;
      return { span: between(file, first, last), help };
    }
    case 'between': {
      const [and, high] = [tokens[where + 2], tokens[where + 3]];
      if (and?.image.toLowerCase() !== 'and' || high === undefined) return undefined;
      const help = `write \`${operand.image} <= ${left} and ${left} <= ${high.image}\``;
      return { span: between(file, first, high), help };
    }
    case 'like': {
      if (operand.tokenType !== t.TextLiteral) return undefined;
      const parts = /^"(%?)([^%_"\\]+)(%?)"$/.exec(operand.image);
      if (parts === null) return undefined;
      const [, opens, text, after] = parts;
      const call = opens === '' ? 'starts_with' : after === '' ? 'ends_with' : 'contains';
      const same = opens === '' && after === '';
      const help = same ? `write \`${left} == "${text}"\`` : `write \`${call}(${left}, "${text}")\``;
      return { span: between(file, first, operand), help };
    }
    default:
      return undefined;
  }
}
