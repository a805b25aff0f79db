import type { IToken } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { mistakes, reserved, word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { WRONG_QUOTES } from '../../codes/words.ts';
import { foreignTypes } from '../../foreign-types.ts';
import { isName } from '../../is-name.ts';
import { beginsLine, sameLine } from '../../layout.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';
import type { Fix } from '../stuck.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';
import { asName, inMembers, written as writtenIn } from './places.ts';
import { placed, rewrite } from './rewrite.ts';
import { endOfType, endsAttribute, endsType } from './end-of-type.ts';

/** `"note": text` of JSON. */
export const quotedName: Habit = (place) => {
  const { tokens, at } = place;
  const [name, colon] = [tokens[at], tokens[at + 1]];
  if (name?.tokenType !== t.TextLiteral || colon?.tokenType !== t.Colon || !inMembers(place))
    return undefined;
  const begins = beginsLine(place.file, name) || tokens[at - 1]?.tokenType === t.LeftCurly;
  if (!begins && !endsType(place, at - 1)) return undefined;
  const written = name.image.slice(1, -1);
  const ours = asName(written);
  const plain = ours === written;
  const last = isName(tokens[at + 2]) ? endOfType(place, at + 2) : at + 1;
  const field = spanText(spanOf(place, at + 1, last));
  return {
    finding: finding(
      WRONG_QUOTES,
      plain ? spanOf(place, at, at) : spanOf(place, at, last),
      'the name of a field has no quotes',
      {
        label: 'as in JSON',
        help: plain ? `write \`${ours}\`` : `write \`${ours}${field} @json(${name.image})\``,
      },
    ),
    from: at,
    to: at + 1,
    insert: [inPlaceOf(name, t.Identifier, ours)],
    sure: true,
  };
};

/** `- id: int` of YAML: once for all lines of a declaration. */
export const dashes: Habit = (place) => {
  const { file, tokens, at } = place;
  const isDash = (token: IToken | undefined, index: number): boolean =>
    token?.tokenType === t.Minus &&
    beginsLine(file, token) &&
    isName(tokens[index + 1]) &&
    tokens[index + 2]?.tokenType === t.Colon;
  if (!inMembers(place) || !isDash(tokens[at], at)) return undefined;
  return {
    finding: finding(FOREIGN_SYNTAX, spanOf(place, at, at), 'a field has no `-` before its name', {
      label: 'as in YAML',
      help: 'leave it out, here and before the other fields',
    }),
    from: at,
    to: tokens.length,
    insert: tokens.slice(at).filter((token, index) => !isDash(token, at + index)),
    sure: true,
  };
};

/** `required: [id, note]` of JSON Schema. */
export const requiredList: Habit = (place) => {
  const { tokens, at } = place;
  const [name, colon, open] = tokens.slice(at, at + 3);
  if (name?.image !== 'required' || colon?.tokenType !== t.Colon || open?.tokenType !== t.LeftSquare)
    return undefined;
  const close = closeOf(tokens, at + 2);
  if (close < 0 || !inMembers(place)) return undefined;
  const fields = new Set(
    tokens.flatMap(({ image }, index) => (tokens[index + 1]?.tokenType === t.Colon ? [bare(image)] : [])),
  );
  const names = tokens.slice(at + 3, close).filter(({ tokenType }) => tokenType !== t.Comma);
  // A field may have this name: `required: [text]` is a list of GraphQL.
  if (names.length === 0 || !names.every(({ image }) => fields.has(bare(image)))) return undefined;
  const kind = tokens[0]?.tokenType === word.entity ? 'an entity' : `a ${tokens[0]?.image ?? 'shape'}`;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, close),
      `${kind} has no list \`required\`: every field without \`?\` is required`,
      {
        label: 'as in JSON Schema',
        help: 'leave this line out, and write `?` after the type of each field that is not in the list',
      },
    ),
    from: at,
    to: close + 1,
    insert: [],
    sure: true,
  };
};

function bare(name: string): string {
  return name.replaceAll('"', '');
}

/** The types that people write before a name; what the language knows is not known here. */
const USUAL_TYPES = new Set([
  ...[
    'text',
    'string',
    'int',
    'int32',
    'int64',
    'bigint',
    'float',
    'double',
    'bool',
    'boolean',
    'date',
    'time',
  ],
  ...['timestamp', 'uuid', 'bytes', 'json', 'decimal'],
]);

const LABELS = new Set(['repeated', 'optional', 'required']);

/** `text note`, `repeated text tags` of protobuf, with or without a number. */
export const typeFirst: Habit = (place) => {
  const { file, tokens, at } = place;
  const first = tokens[at];
  if (!isName(first) || !inMembers(place)) return undefined;
  if (!beginsLine(file, first) && tokens[at - 1]?.tokenType !== t.LeftCurly) return undefined;
  const label = LABELS.has(first.image) && isName(tokens[at + 1]) ? first.image : undefined;
  const from = label === undefined ? at : at + 1;
  const [type, name] = [tokens[from], tokens[from + 1]];
  if (type === undefined || !isName(name) || !sameLine(file, first.startOffset, name.startOffset))
    return undefined;
  if (label === undefined && !USUAL_TYPES.has(type.image.toLowerCase())) return undefined;
  if (tokens[from + 2]?.tokenType === t.Colon) return undefined;
  const numbered = tokens[from + 2]?.tokenType === t.Equal && tokens[from + 3]?.tokenType === t.NumberLiteral;
  const plain = from + (numbered ? 3 : 1);
  const last = tokens[plain + 1]?.tokenType === mistakes.semicolon ? plain + 1 : plain;
  const sign = label === 'repeated' ? '[]' : label === 'optional' ? '?' : '';
  const ours = foreignTypes.get(type.image.toLowerCase()) ?? type.image;
  const end = endOf(tokens[plain] ?? name);
  const signs =
    label === 'repeated' ? [t.LeftSquare, t.RightSquare] : label === 'optional' ? [t.Question] : [];
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, last),
      label === 'repeated'
        ? 'a list is written with `[]` after its type, and the type after the name'
        : 'the type of a field comes after its name and a `:`',
      {
        label: numbered || label !== undefined ? 'as in Protobuf' : 'the type comes first',
        help: `write \`${name.image}: ${ours}${sign}\``,
      },
    ),
    from: at,
    to: last + 1,
    insert: [
      ...[name, emptyAt(endOf(name), t.Colon), ...(ours === type.image ? [type] : placed([type], ours))],
      ...signs.map((sort) => emptyAt(end, sort)),
    ],
    sure: true,
  };
};

const MODIFIERS = new Set([
  'readonly',
  'public',
  'private',
  'protected',
  'static',
  'final',
  'required',
  'val',
  'var',
  'let',
]);

/** `readonly note: text` of TypeScript. */
export const modifier: Habit = (place) => {
  const { file, tokens, at } = place;
  const [first, name, colon] = tokens.slice(at, at + 3);
  if (!isName(first) || !isName(name) || !inMembers(place)) return undefined;
  if (colon?.tokenType !== t.Colon || !sameLine(file, first.startOffset, name.startOffset)) return undefined;
  if (first.image === 'optional' && isName(tokens[at + 3]) && tokens[0]?.tokenType !== word.derive) {
    const last = endOfType(place, at + 3);
    const text = writtenIn(place, at + 1, last);
    return rewrite(place, {
      ...{ from: at, last, text: text.endsWith('?') ? text : `${text}?`, code: FOREIGN_SYNTAX },
      message: 'a field that may be absent has a `?` behind its type',
      label: 'as in Protobuf',
    });
  }
  if (!MODIFIERS.has(first.image)) return undefined;
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, at),
      `a field has no \`${first.image}\` before its name`,
      {
        label: 'as in TypeScript',
        help: 'leave it out',
      },
    ),
    from: at,
    to: at + 1,
    insert: [],
    sure: true,
  };
};

/** `int primary key`, `int unique` and `int default 3` of SQL. */
export const columnConstraint: Habit = (place) => {
  const { tokens, at } = place;
  const token = tokens[at];
  if (token === undefined || (!endsType(place, at - 1) && !endsAttribute(place, at - 1))) return undefined;
  if (token.image.toLowerCase() === 'default') return defaultValue(place);
  const primary = token.image.toLowerCase() === 'primary' && tokens[at + 1]?.tokenType === word.key;
  const unique =
    token.tokenType === word.unique &&
    tokens[at + 1]?.tokenType !== t.Colon &&
    tokens[at + 1]?.tokenType !== t.LeftParen;
  const index =
    token.tokenType === word.index && !/^[:=(]$/.test(tokens[at + 1]?.image ?? '') && !isName(tokens[at + 1]);
  const indexed = index || (token.tokenType === word.index && beginsNext(place));
  if (!primary && !unique && !indexed) return undefined;
  const last = primary ? at + 1 : at;
  const name = nameOfField(place);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, last),
      primary
        ? 'the primary key is the `key` of the `store`'
        : `${indexed ? 'an `index`' : 'a `unique`'} belongs in the braces of the \`store\``,
      {
        label: 'as in SQL',
        help: constraintHelp(place, primary ? 'key' : indexed ? 'index' : 'unique', name),
      },
    ),
    from: at,
    to: last + 1,
    insert: [],
    sure: true,
  };
};

/** Whether what follows a word begins the next line. */
function beginsNext({ file, tokens, at }: Place): boolean {
  const next = tokens[at + 1];
  return next !== undefined && beginsLine(file, next);
}

/** A store has one key: if it has one already, it is the better advice. */
function constraintHelp({ tokens }: Place, kind: 'key' | 'unique' | 'index', name: string): string {
  const at = tokens.findIndex(
    ({ tokenType }, index) => tokenType === word.key && tokens[index + 1]?.tokenType === t.LeftParen,
  );
  const close = kind === 'key' && at > 0 ? closeOf(tokens, at + 1) : -1;
  if (close < 0) return `leave it out, and write \`${kind} (${name})\` in the braces of the \`store\``;
  const columns = tokens.slice(at + 2, close).map(({ image }) => image);
  const key = `\`key (${columns.join('').replaceAll(',', ', ')})\``;
  return columns.join('') === name
    ? `leave it out: the \`store\` has ${key} already`
    : `leave it out: the \`store\` has ${key}; if \`${name}\` is the key, write \`key (${name})  upsert on (${name})\` there`;
}

const LITERALS = new Set([t.TextLiteral, t.NumberLiteral, reserved.true, reserved.false]);

function defaultValue(place: Place): Fix | undefined {
  const { tokens, at } = place;
  const [token, value] = [tokens[at], tokens[at + 1]];
  if (token === undefined || value === undefined || !LITERALS.has(value.tokenType)) return undefined;
  return {
    finding: finding(FOREIGN_SYNTAX, spanOf(place, at, at + 1), 'a default is an attribute of its field', {
      label: 'as in SQL',
      help: `write \`@default(${value.image})\``,
    }),
    from: at,
    to: at + 2,
    insert: [
      ...[
        inPlaceOf(token, t.At),
        inPlaceOf(token, t.Identifier, 'default'),
        emptyAt(value.startOffset, t.LeftParen),
      ],
      ...[value, emptyAt(endOf(value), t.RightParen)],
    ],
    sure: true,
  };
}

function nameOfField({ tokens, at }: Place): string {
  for (let index = at - 1; index > 0; index -= 1)
    if (tokens[index]?.tokenType === t.Colon) return tokens[index - 1]?.image ?? '…';
  return '…';
}
