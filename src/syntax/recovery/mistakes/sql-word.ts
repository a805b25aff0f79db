import type { IToken, TokenType } from 'chevrotain';
import { expectedIn } from '../../../../grammar/expectation.ts';
import * as t from '../../../../grammar/tokens.ts';
import { reserved } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText, type Span } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { isName } from '../../is-name.ts';
import { between } from '../../lower/context.ts';
import { expectsOperator } from '../describe.ts';
import type { Fix, Stuck } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';

/** What to write for a word whose comparison cannot be written out. */
const SQL_HELP: Readonly<Record<string, string>> = {
  is: 'write `== null` or `!= null`',
  in: 'compare with each value: `(x == a or x == b)`',
  like: 'write `starts_with(x, "…")`, `contains(x, "…")` or `regex_match(x, "…")`',
  between: 'write `(low <= x and x <= high)`',
  'not in': 'compare with each value: `not (x == a or x == b)`',
  'not like': 'write `not starts_with(x, "…")`, `not contains(x, "…")` or `not regex_match(x, "…")`',
  'not between': 'write `not (low <= x and x <= high)`',
};

/** Words of SQL behind an operand: `x is null`, `x not in (1, 2)`. In braces they were read as the name of the next field. */
export function sqlWord(stuck: Stuck): Fix | undefined {
  const { file, tokens, states, at } = stuck;
  const where = [at, at - 1].find(
    (index) => sqlAt(tokens, index) !== undefined && expectsOperator(expectedIn(states[index] ?? [])),
  );
  const token = where === undefined ? undefined : tokens[where];
  const sql = where === undefined ? undefined : sqlAt(tokens, where);
  if (where === undefined || token === undefined || sql === undefined) return undefined;
  if (sql === 'is' || sql === 'not null') return nullTest(stuck, where, token);
  const last = tokens[where + sql.split(' ').length - 1] ?? token;
  const exact = comparisonOf(stuck, where, sql);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      exact?.span ?? between(file, token, last),
      `\`${spanText(between(file, token, last))}\` is not an operator`,
      { label: 'as in SQL', help: exact?.help ?? SQL_HELP[sql] },
    ),
    from: where,
    to: stuck.item?.to ?? where + 1,
    insert: [],
    sure: false,
  };
}

/** The operator of SQL that begins at an index, in small letters. */
function sqlAt(tokens: readonly IToken[], at: number): string | undefined {
  const [first, second] = [tokens[at]?.image.toLowerCase() ?? '', tokens[at + 1]?.image.toLowerCase() ?? ''];
  if (first === 'not' && second === 'null') return 'not null';
  return [first, `${first} ${second}`].find((words) => Object.hasOwn(SQL_HELP, words));
}

/** `is null`, `is not null`, and `not null`. */
function nullTest(stuck: Stuck, where: number, token: IToken): Fix {
  const { file, tokens } = stuck;
  const negation = tokens[where]?.tokenType === reserved.not ? where : where + 1;
  const negated = tokens[negation]?.tokenType === reserved.not;
  const operand = negated ? negation + 1 : where + 1;
  const nothing = tokens[operand];
  const isNull = nothing?.tokenType === reserved.null;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      between(file, token, isNull ? nothing : token),
      negation === where ? '`not null` is not an operator' : `\`${token.image}\` is not an operator`,
      { label: 'as in SQL', help: isNull ? `write \`${negated ? '!=' : '=='} null\`` : SQL_HELP['is'] },
    ),
    from: where,
    to: isNull ? operand : (stuck.item?.to ?? where + 1),
    insert: isNull ? [inPlaceOf(token, negated ? t.NotEqual : t.EqualEqual)] : [],
    sure: isNull,
  };
}

/** How tightly an operator binds; what is not named here is tighter than all of them. */
const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARISON = 4;
const CALL = 5;
const LEVELS: ReadonlyMap<TokenType, number> = new Map([
  [reserved.or, OR],
  [reserved.and, AND],
  [reserved.not, NOT],
  ...[t.EqualEqual, t.NotEqual, t.Less, t.LessEqual, t.Greater, t.GreaterEqual].map(
    (type) => [type, COMPARISON] as const,
  ),
]);

/** Beside them the operand is more than a name or a literal. */
const TIGHTER = new Set<TokenType | undefined>([
  ...[t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.Dot, t.QuestionDot, t.QuestionQuestion],
]);

/** A condition of ours, and how tightly its outermost operator binds. */
interface Condition {
  readonly text: string;
  readonly level: number;
  /** The index of the last token that it stands for. */
  readonly last: number;
}

/** The whole comparison in our words, where its left side is a name or a path. */
function comparisonOf(
  { file, tokens }: Stuck,
  where: number,
  sql: string,
): { readonly span: Span; readonly help: string } | undefined {
  let start = where - 1;
  while (tokens[start - 1]?.tokenType === t.Dot && isName(tokens[start - 2])) start -= 2;
  const [first, end] = [tokens[start], tokens[where - 1]];
  if (!isName(first) || end === undefined) return undefined;
  const negated = sql.startsWith('not ');
  const positive = conditionOf(
    tokens,
    negated ? where + 1 : where,
    sql.replace('not ', ''),
    spanText(between(file, first, end)),
  );
  if (positive === undefined) return undefined;
  const condition = negated ? negation(positive) : positive;
  const [before, last, after] = [tokens[start - 1], tokens[condition.last], tokens[condition.last + 1]];
  if (TIGHTER.has(before?.tokenType) || TIGHTER.has(after?.tokenType) || last === undefined) return undefined;
  if (after?.tokenType === t.LeftParen) return undefined;
  const text = isCut(condition, before, after) ? `(${condition.text})` : condition.text;
  return { span: between(file, first, last), help: `write \`${text}\`` };
}

function negation({ text, level, last }: Condition): Condition {
  if (level === COMPARISON) return { text: text.replace(' == ', ' != '), level, last };
  return { text: level > NOT ? `not ${text}` : `not (${text})`, level: NOT, last };
}

/** Whether an operator beside a condition would take only a part of it. */
function isCut({ level }: Condition, before: IToken | undefined, after: IToken | undefined): boolean {
  return [before, after].some((token) => {
    const beside = token === undefined ? undefined : LEVELS.get(token.tokenType);
    return beside !== undefined && (beside > level || (beside === level && level === COMPARISON));
  });
}

function conditionOf(
  tokens: readonly IToken[],
  where: number,
  sql: string,
  left: string,
): Condition | undefined {
  const operand = tokens[where + 1];
  if (operand === undefined) return undefined;
  switch (sql) {
    case 'in': {
      const bracket = operand.tokenType === t.LeftSquare ? t.RightSquare : t.RightParen;
      const close = tokens.findIndex(({ tokenType }, index) => index > where && tokenType === bracket);
      if ((bracket === t.RightParen && operand.tokenType !== t.LeftParen) || close < 0) return undefined;
      const values = listed(tokens.slice(where + 2, close));
      if (values === undefined) return undefined;
      const text = values.map((value) => `${left} == ${value}`).join(' or ');
      return { text, level: values.length === 1 ? COMPARISON : OR, last: close };
    }
    case 'between': {
      const [and, high] = [tokens[where + 2], tokens[where + 3]];
      if (and?.image.toLowerCase() !== 'and' || high === undefined) return undefined;
      const text = `${operand.image} <= ${left} and ${left} <= ${high.image}`;
      return { text, level: AND, last: where + 3 };
    }
    case 'like': {
      if (operand.tokenType !== t.TextLiteral) return undefined;
      const parts = /^"(%?)([^%_"\\]+)(%?)"$/.exec(operand.image);
      if (parts === null) return undefined;
      const [, opens, text, closes] = parts;
      const last = where + 1;
      if (opens === '' && closes === '') return { text: `${left} == "${text}"`, level: COMPARISON, last };
      const call = opens === '' ? 'starts_with' : closes === '' ? 'ends_with' : 'contains';
      return { text: `${call}(${left}, "${text}")`, level: CALL, last };
    }
    default:
      return undefined;
  }
}

/** The values between commas, where each is a literal or a path. */
function listed(tokens: readonly IToken[]): readonly string[] | undefined {
  const values: string[] = [''];
  for (const { tokenType, image } of tokens) {
    if (tokenType === t.Comma) values.push('');
    else if (tokenType === t.LeftParen || tokenType === t.LeftCurly) return undefined;
    else values.push(`${values.pop() ?? ''}${image}`);
  }
  return values.every((value) => /^(?:"[^"]*"|-?[\w.]+)$/.test(value)) ? values : undefined;
}
