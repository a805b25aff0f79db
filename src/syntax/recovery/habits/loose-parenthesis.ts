import * as t from '../../../../grammar/tokens.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { isName } from '../../is-name.ts';
import { beginsLine } from '../../layout.ts';
import { endOfType } from './end-of-type.ts';
import type { Habit } from './habit.ts';
import { depthAt, inMembers, written } from './places.ts';
import { rewrite } from './rewrite.ts';

/** `note: (text`, `note: (text)` and `(note: text`: a field with a parenthesis that it does not need. */
export const looseParenthesis: Habit = (place) => {
  const { file, tokens, at } = place;
  const [open, next] = [tokens[at], tokens[at + 1]];
  if (open?.tokenType !== t.LeftParen || !isName(next)) return undefined;
  const type = tokens[at - 1]?.tokenType === t.Colon;
  const field = beginsLine(file, open) && tokens[at + 2]?.tokenType === t.Colon;
  if ((!type && !field) || !inMembers(place) || depthAt(place) !== 1) return undefined;
  const end = type ? endOfType(place, at + 1) : at + 1;
  const closed = type && tokens[end + 1]?.tokenType === t.RightParen;
  const behind = tokens[end + 1];
  if (type && !closed && behind !== undefined && !beginsLine(file, behind)) return undefined;
  return rewrite(place, {
    ...{ from: at, last: closed ? end + 1 : end, text: written(place, at + 1, end), code: FOREIGN_SYNTAX },
    message: `no \`(\` stands before ${type ? 'a type' : 'a field'}`,
    label: 'a `(` too many',
  });
};
