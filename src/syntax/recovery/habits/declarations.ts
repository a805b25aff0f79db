import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { UNKNOWN_KEYWORD } from '../../codes/structure.ts';
import { WRONG_QUOTES } from '../../codes/words.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import { resultOf } from '../guessed-type.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';
import { foreignWords, type ForeignWord } from '../../foreign-words.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';
import { written } from './places.ts';
import { rewrite } from './rewrite.ts';

/** `model Order {`, `function f(…)`, `topic orders {`: the word of another language. */
export const foreignDeclaration: Habit = (place) => {
  const { tokens, at } = place;
  const [first, name, next] = tokens;
  if (at !== 0 || first === undefined || !isName(name)) return undefined;
  const known = foreignWords.get(first.image.toLowerCase());
  const begins = known?.begins;
  if (begins !== 'entity' && begins !== 'fn' && begins !== 'stream') return undefined;
  // `type Line = {` of TypeScript.
  const assigned = begins === 'entity' && next?.tokenType === t.Equal && tokens[3]?.tokenType === t.LeftCurly;
  const opens =
    begins === 'fn'
      ? next?.tokenType === t.LeftParen
      : next?.tokenType === t.LeftCurly || next?.tokenType === t.Colon || next?.tokenType === word.from;
  if (!opens && !assigned) return undefined;
  const meant = begins === 'entity' ? recordOf(place) : begins;
  const last = assigned ? 2 : 0;
  const text = assigned ? `${meant ?? 'entity'} ${name.image}` : (meant ?? 'entity');
  return {
    finding: finding(UNKNOWN_KEYWORD, spanOf(place, 0, last), `unknown keyword \`${first.image}\``, {
      label: assigned ? 'as in TypeScript' : asIn(known),
      help:
        meant === undefined
          ? 'write `entity` for a message, `shape` for an object inside of one, or `derive` for rows computed of one'
          : `write \`${text}\``,
    }),
    from: 0,
    to: last + 1,
    insert: [inPlaceOf(first, word[meant ?? 'entity']), ...(assigned ? [name] : [])],
    sure: true,
  };
};

/** What a record of another language is here, as far as the file tells: a message has a table, and a shape is a type of a field. */
function recordOf({ file, tokens }: Place): 'entity' | 'shape' | 'derive' | undefined {
  const text = file.whole ?? file.text;
  const name = tokens[1]?.image ?? '';
  if (tokens[2]?.tokenType === word.from) return 'derive';
  const stores = tokens.some(
    ({ tokenType }, index) => tokenType === word.store && tokens[index + 1]?.tokenType !== t.Colon,
  );
  if (stores || new RegExp(`\\b(?:from|given|->)\\s*${name}\\b`).test(text)) return 'entity';
  const used = new RegExp(`(?::\\s*\\[?|\\.\\.\\.|<)${name}\\b`).test(text);
  return used ? 'shape' : undefined;
}

function asIn(word: ForeignWord | undefined): string {
  return word?.language === undefined ? 'as in other languages' : `as in ${word.language}`;
}

/** `export` of TypeScript, before a declaration. */
export const exportWord: Habit = (place) => {
  const { tokens, at } = place;
  const [first] = tokens;
  if (at !== 0 || first === undefined || !isName(tokens[1])) return undefined;
  const known = foreignWords.get(first.image);
  if (known?.begins !== 'nothing') return undefined;
  return {
    finding: finding(
      UNKNOWN_KEYWORD,
      spanOf(place, 0, 0),
      `a declaration has no \`${first.image}\`: whoever imports the file can use all of it`,
      { label: asIn(known), help: 'leave it out' },
    ),
    from: 0,
    to: 1,
    insert: [],
    sure: true,
  };
};

/** `const limit = 3`. */
export const constant: Habit = (place) => {
  const { file, tokens, at } = place;
  const [first, name, sign] = tokens;
  if (
    at !== 0 ||
    first === undefined ||
    foreignWords.get(first.image)?.begins !== 'constant' ||
    !isName(name)
  )
    return undefined;
  if (sign?.tokenType !== t.Equal && sign?.tokenType !== t.Colon) return undefined;
  const equal = tokens.findIndex(({ tokenType }) => tokenType === t.Equal);
  const value = tokens[equal + 1];
  if (equal < 0 || value === undefined) return undefined;
  const after = tokens.findIndex(
    (token, index) => index > equal && !sameLine(file, first.startOffset, token.startOffset),
  );
  const last = (after < 0 ? tokens.length : after) - 1;
  const type =
    sign.tokenType === t.Colon
      ? spanText(spanOf(place, 3, equal - 1))
      : resultOf(place.file, written(place, equal + 1, last));
  const text = spanText(spanOf(place, equal + 1, last)).replace(/;$/, '');
  return {
    finding: finding(UNKNOWN_KEYWORD, spanOf(place, 0, last), 'a constant is a function without parameters', {
      label: asIn(foreignWords.get(first.image)),
      help: `write \`fn ${name.image}() -> ${type} = ${text}\`, and \`${name.image}()\` where you use it`,
    }),
    from: 0,
    to: last + 1,
    insert: [
      ...[
        inPlaceOf(first, word.fn),
        name,
        emptyAt(endOf(name), t.LeftParen),
        emptyAt(endOf(name), t.RightParen),
      ],
      ...[inPlaceOf(sign, t.Arrow), emptyAt(endOf(sign), t.Identifier, ''), emptyAt(endOf(sign), t.Equal)],
      ...tokens.slice(equal + 1, last + 1),
    ],
    sure: false,
  };
};

const BLOCKS = new Set([word.entity, word.shape, word.enum, word.stream, word.role, word.pipeline]);

/** `entity Order:` of YAML. */
export const colonForBrace: Habit = (place) => {
  const { tokens, at } = place;
  const [first, name, colon] = tokens;
  if (at !== 2 || first === undefined || !BLOCKS.has(first.tokenType) || !isName(name)) return undefined;
  const assigned =
    colon?.tokenType === t.Equal && tokens[3]?.tokenType === t.LeftCurly && first.tokenType !== word.enum;
  if (colon?.tokenType !== t.Colon && !assigned) return undefined;
  if (tokens[3]?.tokenType === t.LeftCurly)
    return rewrite(place, {
      ...{ from: 1, last: 2, text: name.image, code: FOREIGN_SYNTAX },
      message: `the braces of \`${name.image}\` follow its name without \`${colon.image}\``,
      label: `\`${colon.image}\` is not needed`,
    });
  const rest = tokens.slice(3);
  const last = tokens.at(-1) ?? colon;
  const depth = rest.reduce(
    (sum, { tokenType }) => sum + (tokenType === t.LeftCurly ? 1 : tokenType === t.RightCurly ? -1 : 0),
    0,
  );
  const open = inPlaceOf(colon, t.LeftCurly);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, 2, 2),
      `what belongs to \`${name.image}\` goes in braces, not after \`:\``,
      {
        label: 'as in YAML',
        help: 'write `{` here, and `}` after its last line',
      },
    ),
    from: 2,
    to: tokens.length,
    insert: depth < 0 ? [open, ...rest] : [open, ...rest, emptyAt(endOf(last), t.RightCurly)],
    sure: true,
  };
};

/** `enum Status { "open", "closed" }`. */
export const quotedMembers: Habit = (place) => {
  const { tokens, at } = place;
  if (at !== 2 || tokens[0]?.tokenType !== word.enum || tokens[2]?.tokenType !== t.LeftCurly)
    return undefined;
  const close = closeOf(tokens, 2);
  const inside = tokens.slice(3, close < 0 ? tokens.length : close);
  const texts = inside.filter(({ tokenType }) => tokenType === t.TextLiteral);
  const only = inside.every(({ tokenType }) => tokenType === t.TextLiteral || tokenType === t.Comma);
  if (texts.length === 0 || !only) return undefined;
  const members = texts.map((token) => {
    const text = token.image.slice(1, -1);
    const name = text.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_') || '_';
    return { token, name, written: name === text ? name : `${name} = ${token.image}`, plain: name === text };
  });
  return {
    finding: finding(
      WRONG_QUOTES,
      spanOf(place, 3, 2 + inside.length),
      'a member of an enum is a name, without quotes',
      {
        label: 'in quotes',
        help: `write \`${members.map(({ written }) => written).join('  ')}\``,
      },
    ),
    from: 3,
    to: 3 + inside.length,
    insert: members.flatMap(({ token, name, plain }) =>
      plain
        ? [inPlaceOf(token, t.Identifier, name)]
        : [inPlaceOf(token, t.Identifier, name), emptyAt(endOf(token), t.Equal), token],
    ),
    sure: true,
  };
};

/** `Open = 0`: once for all members. */
export const numberedMembers: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[0]?.tokenType !== word.enum || tokens[at - 1]?.tokenType !== t.Equal) return undefined;
  const number = tokens[at];
  if (number?.tokenType !== t.NumberLiteral || at < 2) return undefined;
  const isNumber = (index: number): boolean =>
    tokens[index]?.tokenType === t.NumberLiteral && tokens[index - 1]?.tokenType === t.Equal;
  const last = tokens.findLastIndex((_, index) => isNumber(index));
  const kept = tokens
    .slice(at - 2, last + 1)
    .filter((_, index) => !isNumber(at - 2 + index) && !isNumber(at - 1 + index));
  const names = kept.filter(isName).map(({ image }) => image);
  const plain = kept.every(isName) && names.length <= MAX_MEMBERS;
  const numbers = tokens.filter((_, index) => isNumber(index)).map(({ image }) => image);
  const field = fieldOf(place.file, tokens[1]?.image ?? '');
  const ofNumbers = `if they contain ${numbers.length <= MAX_LISTED ? listed(numbers) : 'the numbers'}, ${
    field === undefined ? 'declare the field as an `int`' : `write \`${field}\``
  }`;
  return {
    finding: finding(
      WRONG_QUOTES,
      spanOf(place, at - 2, last),
      'a member of an enum stands for a text, not for a number',
      {
        label: 'as in Protobuf',
        help: plain
          ? `write \`${names.join('  ')}\` if messages contain ${listed(names.map((name) => `"${name}"`))}; ${ofNumbers}`
          : `leave the numbers out if messages contain the names; ${ofNumbers}`,
      },
    ),
    from: at - 2,
    to: last + 1,
    insert: kept,
    sure: true,
  };
};

/** The first field of the file that has an enum as its type, with numbers instead. */
function fieldOf(file: Place['file'], name: string): string | undefined {
  const field = new RegExp(`\\b(\\w+)\\s*:\\s*${name}\\b((?:\\[\\])?\\??)`).exec(file.whole ?? file.text);
  return field === null ? undefined : `${field[1] ?? ''}: int${field[2] ?? ''}`;
}

/** `a, b and c`. */
function listed(all: readonly string[]): string {
  if (all.length > MAX_LISTED) return 'these names';
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

const MAX_LISTED = 4;

/** Nobody wants to read more in a finding. */
const MAX_MEMBERS = 12;
