import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { TYPE_ORDER } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';
import { inMembers, inStore, written } from './places.ts';
import { rewrite } from './rewrite.ts';
import { endOfType, endsAttribute, endsType } from './end-of-type.ts';

/** Types of SQL that have more than one word: what stands between them may be a length. */
const WORDY: readonly (readonly [RegExp, string, string])[] = [
  [/^timestamp with(?:out)? time zone$/, 'timestamp', 'a `timestamp` is a point in time, whatever its zone'],
  [/^time with(?:out)? time zone$/, 'time', 'a `time` has no zone'],
  [/^double precision$/, 'float', 'a number with a point is a `float`'],
  [/^(?:character|char|nchar) varying$/, 'text', 'characters are a `text`'],
  [/^national character(?: varying)?$/, 'text', 'characters are a `text`'],
  [/^(?:big|long) int(?:eger)?$/, 'bigint', 'a large whole number is a `bigint`'],
  [/^(?:unsigned )?(?:bigint|int8|long)(?: unsigned)?$/, 'bigint', 'a type has no `unsigned`'],
  [/^(?:unsigned )?(?:int|integer|smallint)(?: unsigned)?$/, 'int', 'a type has no `unsigned`'],
];

/** `timestamp with time zone`, `double precision`, `character varying(20)`. */
export const wordyType: Habit = (place) => {
  const { file, tokens, at } = place;
  const first = tokens[at];
  if (!isName(first) || tokens[at - 1]?.tokenType !== t.Colon || !inMembers(place)) return undefined;
  const words: string[] = [];
  let size = '';
  let last = at;
  for (let index = at; index < tokens.length && words.length < 4; index += 1) {
    const token = tokens[index];
    if (token === undefined || !sameLine(file, first.startOffset, token.startOffset)) break;
    if (token.tokenType === t.LeftParen && size === '' && closeOf(tokens, index) > 0) {
      const close = closeOf(tokens, index);
      size = written(place, index, close);
      index = close;
    } else if (isName(token) && tokens[index + 1]?.tokenType !== t.Colon)
      words.push(token.image.toLowerCase());
    else break;
    last = index;
  }
  for (let count = words.length; count > 1; count -= 1) {
    const known = WORDY.find(([pattern]) => pattern.test(words.slice(0, count).join(' ')));
    if (known === undefined || count < words.length) continue;
    const [, type, message] = known;
    const list = tokens[last + 1]?.tokenType === t.LeftSquare ? '' : '';
    return rewrite(place, {
      ...{ from: at, last, text: `${type}${type === 'text' ? size : ''}${list}`, code: FOREIGN_SYNTAX },
      ...{ message, label: 'as in SQL' },
    });
  }
  return undefined;
};

const BEFORE_TYPE: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['repeated', ['[]', 'Protobuf']],
  ['optional', ['?', 'Protobuf']],
  ['nullable', ['?', 'other languages']],
  ['list', ['[]', 'other languages']],
  ['array', ['[]', 'other languages']],
  ['required', ['', 'Protobuf']],
]);

/** `tags: repeated text`, `tags: list of text`, `note: optional text`. */
export const labelBeforeType: Habit = (place) => {
  const { file, tokens, at } = place;
  const first = tokens[at];
  const known = BEFORE_TYPE.get(first?.image.toLowerCase() ?? '');
  if (known === undefined || first === undefined || tokens[at - 1]?.tokenType !== t.Colon) return undefined;
  const from = at + (tokens[at + 1]?.image.toLowerCase() === 'of' ? 2 : 1);
  const type = tokens[from];
  if (!isName(type) || tokens[from + 1]?.tokenType === t.Colon || !inMembers(place)) return undefined;
  if (!sameLine(file, first.startOffset, type.startOffset)) return undefined;
  const last = endOfType(place, from);
  const [sign, language] = known;
  const own = written(place, from, last);
  return rewrite(place, {
    ...{ from: at, last, text: own.endsWith(sign) ? own : `${own}${sign}`, code: TYPE_ORDER },
    message:
      sign === '[]'
        ? 'a list is written with `[]` after the type of its elements'
        : sign === '?'
          ? 'a type that may be null ends in `?`'
          : 'every field without `?` is required',
    label: `as in ${language}`,
  });
};

/** `note: text optional`, `tags: text array`. */
export const labelAfterType: Habit = (place) => {
  const { file, tokens, at } = place;
  const [token, next] = [tokens[at], tokens[at + 1]];
  const known = BEFORE_TYPE.get(token?.image.toLowerCase() ?? '');
  if (known === undefined || token === undefined || !endsType(place, at - 1) || !inMembers(place))
    return undefined;
  if (next?.tokenType === t.Colon || next?.tokenType === t.Equal) return undefined;
  if (isName(next) && sameLine(file, token.startOffset, next.startOffset)) return undefined;
  let from = at - 1;
  while (from > 1 && tokens[from - 1]?.tokenType !== t.Colon) from -= 1;
  const own = written(place, from, at - 1);
  return rewrite(place, {
    ...{ from, last: at, text: own.endsWith(known[0]) ? own : `${own}${known[0]}`, code: TYPE_ORDER },
    message:
      known[0] === '[]'
        ? 'a list is written with `[]` after the type of its elements'
        : known[0] === '?'
          ? 'a type that may be null ends in `?`'
          : 'every field without `?` is required',
    label: 'as in other languages',
  });
};

/** `account_id: bigint references Account(id)`, and `foreign key (account_id) references Account(id)` among the fields. */
export const fieldReference: Habit = (place) => {
  const { tokens, at } = place;
  const first = tokens[at];
  if (first === undefined || !inMembers(place) || inStore(place)) return undefined;
  const word0 = first.image.toLowerCase();
  const behind = endsType(place, at - 1) || endsAttribute(place, at - 1);
  const own =
    behind && (word0 === 'references' || first.tokenType === word.ref || first.tokenType === t.Arrow);
  const foreign = word0 === 'foreign' && tokens[at + 1]?.tokenType === word.key;
  if (!own && !foreign) return undefined;
  const opened = foreign && tokens[at + 2]?.tokenType === t.LeftParen ? closeOf(tokens, at + 2) : -1;
  if (foreign && (opened < 0 || tokens[opened + 1]?.image.toLowerCase() !== 'references')) return undefined;
  const target = foreign ? opened + 2 : tokens[at + 1]?.tokenType === t.Arrow ? at + 2 : at + 1;
  if (!isName(tokens[target])) return undefined;
  const open = tokens[target + 1]?.tokenType;
  const close =
    open === t.LeftParen
      ? closeOf(tokens, target + 1)
      : open === t.Dot && isName(tokens[target + 2])
        ? target + 2
        : target;
  const last = withActions(place, close < 0 ? target : close);
  const columns = foreign ? written(place, at + 2, opened) : `(${fieldName(place)})`;
  const other =
    close > target
      ? written(place, target + 1, close)
          .replace(/^\./, '(')
          .replace(/[^)]$/, '$&)')
      : '(id)';
  const item = `ref ${columns} -> ${tokens[target]?.image ?? ''} ${other}`;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, last),
      'a reference to another entity stands in the `store`',
      {
        label: first.tokenType === t.Arrow ? 'not in the `store`' : 'as in SQL',
        help: `leave it out, and write \`${item}\` in the braces of the \`store\``,
      },
    ),
    from: at,
    to: last + 1,
    insert: [],
    sure: true,
  };
};

/** The index of the last token of `on delete cascade` behind an index. */
function withActions({ tokens }: Place, last: number): number {
  let end = last;
  while (
    tokens[end + 1]?.tokenType === word.on &&
    /^(?:delete|update)$/i.test(tokens[end + 2]?.image ?? '')
  ) {
    const two = /^(?:set|no)$/i.test(tokens[end + 3]?.image ?? '');
    end += two ? 4 : 3;
  }
  return end;
}

function fieldName({ tokens, at }: Place): string {
  for (let index = at - 1; index > 0; index -= 1)
    if (tokens[index]?.tokenType === t.Colon) return tokens[index - 1]?.image ?? 'id';
  return 'id';
}
