import type { IToken } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { isName } from '../../is-name.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf } from './habit.ts';
import { asName, written } from './places.ts';
import { rewrite } from './rewrite.ts';

/** `enum Method = ["card", "transfer"]`, `enum Method = "card" | "transfer"`, and `type Method = "card" | "transfer"`. */
export const enumForm: Habit = (place) => {
  const { tokens, at } = place;
  const alias = at === 0 && tokens[0]?.image === 'type' && tokens[2]?.tokenType === t.Equal;
  if (!alias && (at !== 2 || tokens[0]?.tokenType !== word.enum)) return undefined;
  if (!isName(tokens[1]) || tokens.length < 4) return undefined;
  const sign = tokens[2];
  const signed = sign !== undefined && /^(?:=|:|:=|as|of)$/i.test(sign.image);
  const open = signed ? 3 : 2;
  if (signed && tokens[open]?.tokenType === t.LeftCurly && !alias)
    return rewrite(place, {
      ...{ from: 2, last: 3, text: '{', code: FOREIGN_SYNTAX },
      message: `the members of an enum follow its name, without \`${sign.image}\``,
      label: `\`${sign.image}\` is not needed`,
    });
  // `enum Status: String {`
  if (sign?.tokenType === t.Colon && isName(tokens[3]) && tokens[4]?.tokenType === t.LeftCurly)
    return rewrite(place, {
      ...{ from: 2, last: 4, text: '{', code: FOREIGN_SYNTAX },
      message: 'a member of an enum is always a text, so an enum has no type',
      label: 'as in Swift',
    });
  const opens = tokens[open]?.tokenType === t.LeftSquare || tokens[open]?.tokenType === t.LeftParen;
  const close = opens ? closeOf(tokens, open) : tokens.length;
  const inner = close < 0 ? [] : tokens.slice(opens ? open + 1 : open, close);
  const members = inner.filter(({ tokenType }) => tokenType !== t.Comma);
  const texts = members.every((token) => token.tokenType === t.TextLiteral || isName(token));
  if (members.length === 0 || !texts || (alias && members[0]?.tokenType !== t.TextLiteral)) return undefined;
  const last = opens ? close : tokens.length - 1;
  const body = `{ ${members.map((member) => memberOf(place, member)).join('  ')} }`;
  const name = tokens[1].image;
  return rewrite(place, {
    ...{ from: at, last, text: alias ? `enum ${name} ${body}` : body, code: FOREIGN_SYNTAX },
    message: alias ? 'a choice of texts is an `enum`' : 'the members of an enum go in braces',
    label: opens && tokens[open]?.tokenType === t.LeftParen ? 'as in SQL' : 'as in TypeScript',
  });
};

/** A member as the rest of the file calls it: `"card"` is `Card` where the file has `Method.Card`. */
function memberOf(place: Place, { tokenType, image }: IToken): string {
  if (tokenType !== t.TextLiteral) return image;
  const text = image.slice(1, -1);
  const name = asName(text);
  const capital = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const used = new RegExp(`\\b${place.tokens[1]?.image ?? ''}\\.${capital}\\b`).test(
    place.file.whole ?? place.file.text,
  );
  const ours = used ? capital : name;
  return ours === text ? ours : `${ours} = ${image}`;
}

/** `Card("card")` of Java. */
export const memberInParentheses: Habit = (place) => {
  const { tokens, at } = place;
  const [name, open, text, close] = tokens.slice(at, at + 4);
  if (tokens[0]?.tokenType !== word.enum || at < 3 || !isName(name) || open?.tokenType !== t.LeftParen)
    return undefined;
  if (text?.tokenType !== t.TextLiteral || close?.tokenType !== t.RightParen) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 3, text: `${name.image} = ${text.image}`, code: FOREIGN_SYNTAX },
    message: 'the text of a member comes after `=`',
    label: 'as in Java',
  });
};

/** `enum class Method {`, `case card` of Kotlin and Swift. */
export const memberWords: Habit = (place) => {
  const { tokens, at } = place;
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (tokens[0]?.tokenType !== word.enum || !isName(next) || token === undefined) return undefined;
  const kind = at === 1 && /^(?:class|struct|type)$/.test(token.image);
  const member = at > 2 && token.image === 'case' && tokens[at + 2]?.tokenType !== t.Equal;
  if (!kind && !member) return undefined;
  return rewrite(place, {
    ...{ from: at, last: at + 1, text: next.image, code: FOREIGN_SYNTAX },
    message: `${kind ? 'an enum' : 'a member'} has no \`${token.image}\` before its name`,
    label: kind ? 'as in Kotlin' : 'as in Swift',
    help: `write \`${written(place, at + 1, at + 1)}\``,
  });
};

/** `state: enum(packed, sent)`. */
export const enumOfField: Habit = (place) => {
  const { tokens, at } = place;
  const [name, colon, type, open] = tokens.slice(at - 2, at + 2);
  if (type?.tokenType !== word.enum || colon?.tokenType !== t.Colon || !isName(name)) return undefined;
  if (open === undefined || !/^[({[]$/.test(open.image)) return undefined;
  const close = closeOf(tokens, at + 1);
  const members = tokens.slice(at + 2, close).filter(({ tokenType }) => tokenType !== t.Comma);
  const plain = members.every((token) => token.tokenType === t.TextLiteral || isName(token));
  if (close < 0 || members.length === 0 || !plain || members.length > MAX_MEMBERS) return undefined;
  const called = `${name.image.charAt(0).toUpperCase()}${name.image.slice(1)}`;
  const list = members.map((member) => memberOf(place, member)).join('  ');
  return rewrite(place, {
    ...{ from: at, last: close, text: called, code: FOREIGN_SYNTAX },
    message: `the texts of \`${name.image}\` have to be an enum with a name`,
    label: 'as in SQL',
    help: `declare \`enum ${called} { ${list} }\` outside, and write \`${name.image}: ${called}\``,
    sure: false,
  });
};

/** Nobody wants to read more in a finding. */
const MAX_MEMBERS = 12;
