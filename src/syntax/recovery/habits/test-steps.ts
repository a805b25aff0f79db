import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { MISSING_WORD, UNKNOWN_KEYWORD } from '../../codes/structure.ts';
import { WRONG_QUOTES } from '../../codes/words.ts';
import { foreignWords } from '../../foreign-words.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Habit } from './habit.ts';
import { closeOf } from './habit.ts';
import { endsOperand, lastOfLine, written } from './places.ts';
import { rewrite } from './rewrite.ts';

/** `test one parcel {`. */
export const testTitle: Habit = (place) => {
  const { file, tokens, at } = place;
  const [first, second] = tokens;
  if (at !== 1 || first?.tokenType !== word.test || !isName(second)) return undefined;
  const open = tokens.findIndex(({ tokenType }) => tokenType === t.LeftCurly);
  const last = tokens[open - 1];
  if (open < 2 || last === undefined || !sameLine(file, first.startOffset, last.startOffset))
    return undefined;
  const text = JSON.stringify(written(place, 1, open - 1));
  return rewrite(place, {
    ...{ from: 1, last: open - 1, text, code: WRONG_QUOTES },
    message: 'the title of a test is a text in double quotes',
    label: 'without quotes',
    help: `write ${text}`,
  });
};

/** `it "adds" {`, `scenario "adds" {`. */
export const testWord: Habit = (place) => {
  const { tokens, at } = place;
  const [first, second] = tokens;
  if (at !== 0 || first === undefined || second?.tokenType !== t.TextLiteral) return undefined;
  const known = foreignWords.get(first.image.toLowerCase());
  if (known?.begins !== 'test') return undefined;
  return rewrite(place, {
    ...{ from: 0, last: 0, text: 'test', code: UNKNOWN_KEYWORD },
    message: `unknown keyword \`${first.image}\``,
    label: `as in ${known.language ?? 'other languages'}`,
  });
};

/** `given a Parcel {`, `given Parcel: {`. */
export const givenForm: Habit = (place) => {
  const { tokens, at } = place;
  const [given, one, two, three] = tokens.slice(at, at + 4);
  if (tokens[0]?.tokenType !== word.test || given?.tokenType !== word.given || !isName(one)) return undefined;
  const opens = (type: unknown): boolean => type === t.LeftCurly || type === t.LeftSquare;
  const article = isName(two) && opens(three?.tokenType);
  const signed = /^(?::|=|->|as|with|from)$/.test(two?.image ?? '');
  const name = article && !signed ? two : one;
  if (!article && !(signed && (opens(three?.tokenType) || three?.tokenType === t.TextLiteral)))
    return undefined;
  const extra = name === one ? two : one;
  return rewrite(place, {
    ...{ from: at, last: at + 2, text: `given ${name?.image ?? ''}`, code: FOREIGN_SYNTAX },
    message: 'a message follows `given` and the name of its entity',
    label: `\`${extra?.image ?? ''}\` is not needed`,
  });
};

/** `expect count(rows) to equal 1`, `expect count(rows) is 1`. */
export const expectWords: Habit = (place) => {
  const { file, tokens, at } = place;
  const first = tokens[at];
  if (tokens[0]?.tokenType !== word.test || first === undefined || !endsOperand(tokens[at - 1]))
    return undefined;
  let last = at - 1;
  while (/^(?:to|should|be|equal|equals|is|eq|toBe|toEqual)$/.test(tokens[last + 1]?.image ?? '')) last += 1;
  const [start, next] = [tokens[at - 1], tokens[last + 1]];
  if (last < at || start === undefined || next === undefined) return undefined;
  if (!sameLine(file, start.startOffset, next.startOffset) || next.tokenType === t.LeftParen)
    return undefined;
  return rewrite(place, {
    ...{ from: at, last, text: '==', code: FOREIGN_SYNTAX },
    message: `\`${written(place, at, last)}\` is not an operator`,
    label: 'as in other languages',
  });
};

/** `expect(count(rows)).toBe(1)`. */
export const expectCall: Habit = (place) => {
  const { tokens, at } = place;
  if (tokens[at]?.tokenType !== word.expect || tokens[at + 1]?.tokenType !== t.LeftParen) return undefined;
  const close = closeOf(tokens, at + 1);
  const [dot, call, open] = tokens.slice(close + 1, close + 4);
  if (close < 0 || dot?.tokenType !== t.Dot || !/^to(?:Be|Equal|StrictEqual)$/.test(call?.image ?? ''))
    return undefined;
  const end = open?.tokenType === t.LeftParen ? closeOf(tokens, close + 3) : -1;
  if (end < close + 5 || lastOfLine(place, at) < end) return undefined;
  return rewrite(place, {
    ...{ from: at, last: end, code: FOREIGN_SYNTAX },
    text: `expect ${written(place, at + 2, close - 1)} == ${written(place, close + 4, end - 1)}`,
    message: 'an `expect` is followed by a condition',
    label: 'as in TypeScript',
  });
};

/** `assert x`, `expect: x`, `expect rejected: CODE`, and a message without `given`. */
export const stepWords: Habit = (place) => {
  const { tokens, at } = place;
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (tokens[0]?.tokenType !== word.test || at < 3 || token === undefined || next === undefined)
    return undefined;
  const before = tokens[at - 1];
  const begins =
    before?.tokenType === t.LeftCurly || before?.tokenType === t.RightCurly || endsOperand(before);
  if (begins && /^(?:assert|then|should|verify)$/i.test(token.image) && isName(next))
    return rewrite(place, {
      ...{ from: at, last: at, text: 'expect', code: FOREIGN_SYNTAX },
      message: 'what a test looks at follows `expect`',
      label: 'as in other languages',
    });
  if (
    begins &&
    /^(?:when|arrange|input|send)$/i.test(token.image) &&
    isName(next) &&
    tokens[at + 2]?.tokenType === t.LeftCurly
  )
    return rewrite(place, {
      ...{ from: at, last: at, text: 'given', code: FOREIGN_SYNTAX },
      message: 'a message of a test follows `given`',
      label: 'as in other languages',
    });
  const rejected = token.image === 'rejected' && before?.tokenType === word.expect;
  if ((token.tokenType === word.expect || rejected) && /^[:=]$/.test(next.image))
    return rewrite(place, {
      ...{ from: at, last: at + 1, text: token.image, code: FOREIGN_SYNTAX },
      message: `nothing stands between \`${token.image}\` and what follows it`,
      label: `\`${next.image}\` is not needed`,
    });
  const loose = before?.tokenType === t.LeftCurly && at === 3 && next.tokenType === t.LeftCurly;
  if (!loose || !isName(token)) return undefined;
  if (token.tokenType === word.given) {
    const [, entity = 'Order'] = /\bentity\s+(\w+)/.exec(place.file.whole ?? place.file.text) ?? [];
    return rewrite(place, {
      ...{ from: at, last: at, text: `given ${entity}`, code: MISSING_WORD, sure: false },
      message: 'the name of an entity is missing behind `given`',
      label: 'a message of which entity?',
    });
  }
  return rewrite(place, {
    ...{ from: at, last: at, text: `given ${token.image}`, code: UNKNOWN_KEYWORD },
    message: 'a message of a test follows `given`',
    label: 'without `given`',
  });
};

/** `"state": State.Sent` in the JSON of a message: the member of an enum for its text. */
export const memberInJson: Habit = (place) => {
  const { file, tokens, at } = place;
  const [name, dot, member] = tokens.slice(at, at + 3);
  if (tokens[0]?.tokenType !== word.test || tokens[at - 1]?.tokenType !== t.Colon || !isName(name))
    return undefined;
  if (tokens[at - 2]?.tokenType !== t.TextLiteral || dot?.tokenType !== t.Dot || !isName(member))
    return undefined;
  const body =
    new RegExp(`\\benum\\s+${name.image}\\s*\\{([^}]*)\\}`).exec(file.whole ?? file.text)?.[1] ?? '';
  const text =
    new RegExp(`\\b${member.image}\\s*=\\s*("[^"]*")`).exec(body)?.[1] ?? JSON.stringify(member.image);
  return rewrite(place, {
    ...{ from: at, last: at + 2, text, code: WRONG_QUOTES },
    message: 'a message contains the text of a member of an enum',
    label: 'not JSON',
    help: `write ${text}`,
  });
};
