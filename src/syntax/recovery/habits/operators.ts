import * as t from '../../../../grammar/tokens.ts';
import { mistakes, reserved, word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { isName } from '../../is-name.ts';
import { beginsLine } from '../../layout.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, touches } from './habit.ts';
import { endsOperand, inMatch, pathBefore, pathFrom, written } from './places.ts';
import { rewrite } from './rewrite.ts';

const CONDITIONS = new Set([
  word.check,
  word.where,
  word.when,
  reserved.if,
  reserved.and,
  reserved.or,
  reserved.not,
]);

/** `rev => 0`, `rev =< 0`. */
export const turnedComparison: Habit = (place) => {
  const { tokens, at } = place;
  const [token, next] = [tokens[at], tokens[at + 1]];
  const less = token?.tokenType === t.Equal && next?.tokenType === t.Less && touches(token, next);
  if (token?.tokenType !== mistakes.fatArrow && !less) return undefined;
  const from = pathBefore(tokens, at - 1);
  const before = from === undefined ? undefined : tokens[from - 1]?.tokenType;
  if (before === undefined || !CONDITIONS.has(before) || inMatch(place)) return undefined;
  return rewrite(place, {
    ...{ from: at, last: less ? at + 1 : at, text: less ? '<=' : '>=', code: FOREIGN_SYNTAX },
    message: `\`${less ? '=<' : '=>'}\` is not an operator`,
    label: 'turned round',
  });
};

/** `item->pos`, `item::pos`. */
export const otherAccess: Habit = (place) => {
  const { tokens, at } = place;
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (token === undefined || tokens[0]?.tokenType === word.fn || inMatch(place)) return undefined;
  const colons = token.tokenType === t.Colon && next?.tokenType === t.Colon && touches(token, next);
  const last = colons ? at + 1 : at;
  if (!colons && token.tokenType !== t.Arrow) return undefined;
  const from = pathBefore(tokens, at - 1);
  if (from === undefined || !touches(tokens[at - 1], token) || !touches(tokens[last], tokens[last + 1]))
    return undefined;
  const end = pathFrom(tokens, last + 1);
  if (end === undefined || tokens[from - 1]?.tokenType === word.ref) return undefined;
  return rewrite(place, {
    ...{ from, last: end, code: FOREIGN_SYNTAX },
    text: `${written(place, from, at - 1)}.${written(place, last + 1, end)}`,
    message: `a field is read with \`.\`, found \`${colons ? '::' : '->'}\``,
    label: 'as in other languages',
  });
};

/** `note ?: "none"` of Kotlin. */
export const elvis: Habit = (place) => {
  const { tokens, at } = place;
  const [question, colon] = [tokens[at], tokens[at + 1]];
  if (question?.tokenType !== t.Question || colon?.tokenType !== t.Colon || !touches(question, colon))
    return undefined;
  if (!endsOperand(tokens[at - 1]) || touches(tokens[at - 1], question)) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 1, text: '??', code: FOREIGN_SYNTAX },
    message: 'a value for null comes after `??`',
    label: 'as in Kotlin',
  });
};

const CONVERSIONS: ReadonlyMap<string, string> = new Map([
  ...['text', 'varchar', 'string'].map((type) => [type, 'to_text'] as const),
  ...['int', 'bigint', 'decimal', 'bool', 'date', 'timestamp'].map(
    (type) => [type, `parse_${type}`] as const,
  ),
  ...[
    ['integer', 'parse_int'] as const,
    ['numeric', 'parse_decimal'] as const,
    ['boolean', 'parse_bool'] as const,
  ],
]);

/** `cast(a as text)` of SQL, and `a as text` behind a value. */
export const castAs: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[at]?.tokenType !== word.as || tokens[0]?.tokenType === word.import) return undefined;
  const from = pathBefore(tokens, at - 1);
  const call = CONVERSIONS.get(tokens[at + 1]?.image.toLowerCase() ?? '');
  if (from === undefined || call === undefined) return undefined;
  const before = tokens[from - 1];
  const cast =
    before?.tokenType === t.LeftParen && /^cast$/i.test(tokens[from - 2]?.image ?? '')
      ? closeOf(tokens, from - 1)
      : -1;
  if (cast < 0 && before?.tokenType !== t.Equal && before?.tokenType !== t.LeftParen) return undefined;
  return rewrite(place, {
    ...{ from: cast < 0 ? from : from - 2, last: cast < 0 ? at + 1 : cast, code: FOREIGN_SYNTAX },
    text: `${call}(${written(place, from, at - 1)})`,
    message: 'a value is converted by a function',
    label: 'as in SQL',
  });
};

/** `p.items.map(i => i.pos)`. */
export const mapLambda: Habit = (place) => {
  const { tokens, at } = place;
  const [map, open, name, arrow] = tokens.slice(at, at + 4);
  if (map?.image !== 'map' || open?.tokenType !== t.LeftParen || tokens[at - 1]?.tokenType !== t.Dot)
    return undefined;
  if (!isName(name) || (arrow?.tokenType !== mistakes.fatArrow && arrow?.tokenType !== t.Arrow))
    return undefined;
  const from = pathBefore(tokens, at - 2);
  const last = pathFrom(tokens, at + 4);
  const close = closeOf(tokens, at + 1);
  if (from === undefined || last === undefined || close !== last + 1) return undefined;
  if (tokens[at + 4]?.image !== name.image || last === at + 4) return undefined;
  return rewrite(place, {
    ...{ from, last: close, code: FOREIGN_SYNTAX },
    text: `${written(place, from, at - 2)}.${written(place, at + 6, last)}`,
    message: 'a field of a list gives a list of that field, without `map`',
    label: 'as in TypeScript',
  });
};

/** `f"late"`, `r"\\d"`: a letter before a text. */
export const textPrefix: Habit = (place) => {
  const { tokens, at } = place;
  const [name, text] = [tokens[at], tokens[at + 1]];
  if (!isName(name) || text?.tokenType !== t.TextLiteral || !touches(name, text)) return undefined;
  if (!/^[a-zA-Z]$/.test(name.image) || text.image.includes('{')) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 1, text: text.image, code: FOREIGN_SYNTAX },
    message: 'a text has no letter before its quotes',
    label: 'as in Python',
    help: `write ${text.image}`,
  });
};

/** `pos += 1`. */
export const assignOperator: Habit = (place) => {
  const { tokens, at } = place;
  const [name, sign, equal] = tokens.slice(at, at + 3);
  if (!isName(name) || !/^[-+*/]$/.test(sign?.image ?? '') || equal?.tokenType !== t.Equal) return undefined;
  if (!touches(sign, equal) || !isMember(place)) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 2, text: `${name.image} =`, code: FOREIGN_SYNTAX },
    message: 'a field is computed once, and never changed',
    label: 'as in other languages',
  });
};

function isMember({ tokens }: Place): boolean {
  return /^(?:entity|shape|derive)$/.test(tokens[0]?.image ?? '');
}

/** `*` and `o.*` among the fields. */
export const starFields: Habit = (place) => {
  const { file, tokens, at } = place;
  if (tokens[0]?.tokenType !== word.derive || tokens[at]?.tokenType !== t.Star) return undefined;
  const dotted = tokens[at - 1]?.tokenType === t.Dot && isName(tokens[at - 2]);
  const spread = dotted && tokens[at - 3]?.tokenType === t.Spread;
  const from = spread ? at - 3 : dotted ? at - 2 : at;
  const [before, begin, next] = [tokens[from - 1], tokens[from], tokens[at + 1]];
  if (begin === undefined || next?.tokenType === t.Star) return undefined;
  // Anywhere else it multiplies.
  if (!beginsLine(file, begin) && before?.tokenType !== t.LeftCurly) return undefined;
  const as = tokens.findIndex(({ tokenType }) => tokenType === word.as);
  const source = dotted ? tokens[at - 2]?.image : (tokens[as + 1]?.image ?? tokens[3]?.image);
  return rewrite(place, {
    ...{ from, last: at, text: `...${source ?? ''}`, code: FOREIGN_SYNTAX },
    message: 'all fields of a source are written `...` and its name',
    label: 'as in SQL',
  });
};
