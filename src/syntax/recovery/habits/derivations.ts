import type { IToken } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { reserved, word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { positionAt, spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { UNEXPECTED } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { beginsLine } from '../../layout.ts';
import type { Fix } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';

/** The index of the `{` of a derivation; -1 where the declaration is none. */
function bodyOf({ tokens }: Place): number {
  if (tokens[0]?.tokenType !== word.derive) return -1;
  return tokens.findIndex(({ tokenType }) => tokenType === t.LeftCurly);
}

/** `where` before `from`, before a source, inside of the braces or behind them. */
export const whereElsewhere: Habit = (place) => {
  const { file, tokens, at } = place;
  const token = tokens[at];
  if (token?.tokenType !== word.where) return undefined;
  const body = bodyOf(place);
  if (body < 0) return undefined;
  const close = closeOf(tokens, body);
  // Where braces are missing or doubled, nobody knows what is inside of them.
  if (close < 0) return undefined;
  const end = endOfWhere(place, body, close);
  if (end === undefined || end <= at + 1) return undefined;
  if (at > body && at < close && !beginsLine(file, token)) return undefined;
  const moved = tokens.slice(at, end);
  const text = spanText(spanOf(place, at, end - 1));
  const rest = tokens.toSpliced(at, moved.length);
  const brace = rest.findIndex(({ tokenType }) => tokenType === t.LeftCurly);
  const first = tokens.slice(0, body).findIndex(({ tokenType }) => tokenType === word.where);
  if (at > body && first > 0) return secondWhere(place, first, body, end);
  // Nobody wants to read three lines in a finding.
  const shown = text.includes('\n') ? 'where …' : text;
  const head = headOf(place, body, at, end);
  const advice = head.includes('\n')
    ? `write \`${shown}\` before the \`{\` in line ${lineOf(place, body)}`
    : `write \`${head} ${shown} {\`${at > body ? ` in line ${lineOf(place, 0)}` : ''}`;
  return {
    finding: finding(
      UNEXPECTED,
      spanOf(place, at, end - 1),
      '`where` comes after the last source, right before the `{`',
      {
        label: 'in the wrong place',
        help: at > body ? `leave it out here, and ${advice}` : advice,
      },
    ),
    from: 0,
    to: tokens.length,
    insert: [...rest.slice(0, brace), ...moved, ...rest.slice(brace)],
    sure: true,
  };
};

/** `where` behind a header that has one already. */
function secondWhere(place: Place, first: number, body: number, end: number): Fix {
  const { at } = place;
  const [one, other] = [conditionIn(place, first + 1, body), conditionIn(place, at + 1, end)];
  const short = !`${one}${other}`.includes('\n');
  return {
    finding: finding(
      UNEXPECTED,
      spanOf(place, at, end - 1),
      'a derivation has one `where`, right before the `{`',
      {
        label: 'a second one',
        help: short
          ? `leave it out here, and write \`where ${one} and ${other}\` in line ${lineOf(place, first)}`
          : `leave it out here, and join the two with \`and\` in line ${lineOf(place, first)}`,
      },
    ),
    from: at,
    to: end,
    insert: [],
    sure: true,
  };
}

/** A condition that `and` can join with another. */
function conditionIn(place: Place, from: number, end: number): string {
  const text = spanText(spanOf(place, from, end - 1));
  const loose = place.tokens
    .slice(from, end)
    .some(({ tokenType }) => tokenType === reserved.or || tokenType === reserved.if);
  return loose ? `(${text})` : text;
}

function lineOf({ file, tokens }: Place, at: number): number {
  return positionAt(file, tokens[at]?.startOffset ?? 0).line;
}

/** The header of the derivation without its `where`. */
function headOf(place: Place, body: number, at: number, end: number): string {
  if (at > body) return spanText(spanOf(place, 0, body - 1));
  const before = spanText(spanOf(place, 0, at - 1));
  const after = spanText(spanOf(place, end, body - 1));
  return after.startsWith(',') ? `${before}${after}` : `${before} ${after}`;
}

/** The index behind the condition, where `where` is out of its place. */
function endOfWhere({ file, tokens, at }: Place, body: number, close: number): number | undefined {
  if (at > close) return tokens.length;
  if (at > body) {
    const next = tokens.findIndex(
      (token, index) => index > at && index < close && beginsLine(file, token) && begins(tokens, index),
    );
    return next < 0 ? close : next;
  }
  let depth = 0;
  for (let index = at + 1; index < body; index += 1) {
    const type = tokens[index]?.tokenType;
    if (type === t.LeftParen || type === t.LeftSquare) depth += 1;
    if (type === t.RightParen || type === t.RightSquare) depth -= 1;
    if (depth === 0 && (type === t.Comma || type === word.from)) return index;
  }
  return undefined;
}

function begins(tokens: readonly IToken[], at: number): boolean {
  const next = tokens[at + 1]?.tokenType;
  return (
    isName(tokens[at]) &&
    (next === t.Colon || next === t.Equal || next === t.LeftCurly || isName(tokens[at + 1]))
  );
}

/** `from Order join o.lines as line`. */
export const join: Habit = (place) => {
  const { tokens, at } = place;
  const token = tokens[at];
  if (token === undefined || at < 3 || !/^(?:inner|left|join)$/i.test(token.image) || at > bodyOf(place))
    return undefined;
  let last = at;
  while (/^(?:inner|left|outer|join)$/i.test(tokens[last + 1]?.image ?? '')) last += 1;
  if (tokens[last]?.image.toLowerCase() !== 'join' || !isName(tokens[last + 1])) return undefined;
  const conditional = joinOn(place, last);
  if (conditional !== undefined) return conditional;
  const rows = tokens[last + 1]?.tokenType !== word.each;
  return {
    finding: finding(FOREIGN_SYNTAX, spanOf(place, at, last), 'sources are separated by commas', {
      label: 'as in SQL',
      help: `write \`,${rows ? ' each' : ''}\``,
    }),
    from: at,
    to: last + 1,
    insert: [inPlaceOf(token, t.Comma), ...(rows ? [inPlaceOf(token, word.each)] : [])],
    sure: true,
  };
};

/** `join o.lines as line on line.n > 1`, where nothing is joined behind it. */
function joinOn(place: Place, last: number): Fix | undefined {
  const { tokens, at } = place;
  const body = bodyOf(place);
  const head = tokens.slice(0, body);
  const on = head.findIndex(({ image }, index) => index > last && image.toLowerCase() === 'on');
  const first = tokens[at];
  if (on < last + 2 || on + 1 >= body || first === undefined) return undefined;
  const rest = head.slice(on + 1);
  if (rest.some(({ tokenType, image }) => tokenType === t.Comma || /^(?:join|on)$/i.test(image)))
    return undefined;
  const where = head.findIndex(({ tokenType }, index) => index > on && tokenType === word.where);
  const sources = tokens.slice(last + 1, on);
  const each = sources.some(({ tokenType }) => tokenType === t.Dot) && sources[0]?.tokenType !== word.each;
  const end = where < 0 ? body : where;
  const condition = where < 0 ? spanText(spanOf(place, on + 1, body - 1)) : conditionIn(place, on + 1, where);
  const other = where < 0 ? '' : ` and ${conditionIn(place, where + 1, body)}`;
  const source = `, ${each ? 'each ' : ''}${spanText(spanOf(place, last + 1, on - 1))}`;
  const inner = tokens.slice(on + 1, end);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, body - 1),
      'sources are separated by commas, and the condition of a join is a `where`',
      { label: 'as in SQL', help: `write \`${source} where ${condition}${other}\`` },
    ),
    from: at,
    to: body,
    insert: [
      inPlaceOf(first, t.Comma),
      ...(each ? [inPlaceOf(first, word.each)] : []),
      ...sources,
      inPlaceOf(tokens[on] ?? first, word.where),
      ...inner,
      ...(where < 0
        ? []
        : [inPlaceOf(tokens[where] ?? first, reserved.and), ...tokens.slice(where + 1, body)]),
    ],
    sure: true,
  };
}

/** `derive Copy from select * from Order`. */
export const select: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[0]?.tokenType !== word.derive || tokens[at]?.image.toLowerCase() !== 'select') return undefined;
  const body = bodyOf(place);
  const last = tokens.findIndex(
    ({ tokenType }, index) => index > at && index < body && tokenType === word.from,
  );
  if (last < 0 || last + 1 >= body) return undefined;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, body - 1),
      'a source is the name of an entity, without `select`',
      {
        label: 'as in SQL',
        help: `write \`${spanText(spanOf(place, last + 1, body - 1))}\``,
      },
    ),
    from: at,
    to: last + 1,
    insert: [],
    sure: true,
  };
};

/** `group by`, `order by` and `limit` of SQL in the header. */
export const groupBy: Habit = (place) => {
  const { tokens, at } = place;
  const [first, second] = tokens.slice(at, at + 2).map(({ image }) => image.toLowerCase());
  const ordered = (first === 'order' || first === 'sort') && second === 'by';
  const limited =
    /^(?:limit|offset|fetch)$/.test(first ?? '') && tokens[at + 1]?.tokenType === t.NumberLiteral;
  if (!ordered && !limited && (first !== 'group' || second !== 'by')) return undefined;
  const body = bodyOf(place);
  if (body < 0 || at > body || at < 3) return undefined;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, body - 1),
      `rows are not ${ordered ? 'sorted' : limited ? 'counted off' : 'grouped'}: a derivation makes rows of one message, each by itself`,
      {
        label: 'as in SQL',
        help:
          ordered || limited
            ? 'leave it out'
            : 'leave it out; `sum(…)` adds up a list of the message, and `upsert on (…) add (…)` adds up messages',
      },
    ),
    from: at,
    to: body,
    insert: [],
    sure: true,
  };
};

/** `from {{ ref('Order') }}` of dbt. */
export const templateSource: Habit = (place) => {
  const { tokens, at } = place;
  const types = tokens.slice(at, at + 8).map(({ tokenType }) => tokenType);
  if (types[0] !== t.LeftCurly || types[1] !== t.LeftCurly || tokens[at + 2]?.image !== 'ref')
    return undefined;
  const text = tokens[at + 4];
  const name = /^['"]([A-Za-z_]\w*)['"]$/.exec(text?.image ?? '')?.[1];
  const closed = types[5] === t.RightParen && types[6] === t.RightCurly && types[7] === t.RightCurly;
  if (types[3] !== t.LeftParen || text === undefined || name === undefined || !closed) return undefined;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, at + 7),
      'a source is the name of an entity, without `ref`',
      {
        label: 'as in dbt',
        help: `write \`${name}\``,
      },
    ),
    from: at,
    to: at + 8,
    insert: [inPlaceOf(text, t.Identifier, name)],
    sure: true,
  };
};

/** Whether a source can end with the name at an index: what is behind a source without a brace is a field already. */
function endsSource(tokens: readonly IToken[], at: number): boolean {
  const before = tokens[at - 1]?.tokenType;
  return before !== undefined && BEFORE_SOURCE.has(before);
}

const BEFORE_SOURCE = new Set([word.from, word.each, word.optional, t.Comma, t.Dot]);

/** `from Order -> o`, `from Order: o`. */
export const aliasSign: Habit = (place) => {
  const { tokens, at } = place;
  const token = tokens[at];
  if (token === undefined || at < 4 || !isName(tokens[at - 1]) || !isName(tokens[at + 1])) return undefined;
  if (token.tokenType !== t.Arrow && token.tokenType !== t.Colon && token.tokenType !== t.Equal)
    return undefined;
  if (at > bodyOf(place) || !endsSource(tokens, at - 1)) return undefined;
  // Behind `where` a path is a value.
  if (tokens.slice(0, at).some(({ tokenType }) => tokenType === word.where)) return undefined;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, at),
      `the alias of a source follows \`as\`, found \`${token.image}\``,
      {
        label: 'expected `as` here',
        help: 'write `as`',
      },
    ),
    from: at,
    to: at + 1,
    insert: [inPlaceOf(token, word.as)],
    sure: true,
  };
};
