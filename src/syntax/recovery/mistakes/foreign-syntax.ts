import { LeftParen, Question, reserved } from '../../../../grammar/tokens.ts';
import * as t from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { between, tokenSpan } from '../../lower/context.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { spanText } from '../../../text/source.ts';
import { foreignFunctions } from '../../foreign-functions.ts';
import { endsOperand } from '../habits/places.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Fix, Mistake, Stuck } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';
import { sqlWord } from './sql-word.ts';

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
    // Two values side by side: the second begins the next item.
    if (end > at && endsOperand(before) && (token.tokenType === t.Spread || isName(token))) break;
    end += 1;
  }
  return end;
}
