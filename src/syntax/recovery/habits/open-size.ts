import * as t from '../../../../grammar/tokens.ts';
import { MISSING_WORD } from '../../codes/structure.ts';
import { isName } from '../../is-name.ts';
import { beginsLine } from '../../layout.ts';
import type { Habit } from './habit.ts';
import { depthAt, inMembers } from './places.ts';
import { rewrite } from './rewrite.ts';

/** `price: decimal(` at the end of a line: the size that was begun and not written. */
export const openSize: Habit = (place) => {
  const { file, tokens, at } = place;
  const [colon, type, open, next] = [tokens[at - 1], tokens[at], tokens[at + 1], tokens[at + 2]];
  if (colon?.tokenType !== t.Colon || !isName(type) || open?.tokenType !== t.LeftParen) return undefined;
  if (!inMembers(place) || depthAt(place) !== 1) return undefined;
  if (next !== undefined && next.tokenType !== t.RightCurly && !beginsLine(file, next)) return undefined;
  if (next?.tokenType === t.NumberLiteral || next?.tokenType === t.RightParen) return undefined;
  const sized = type.image === 'decimal';
  return rewrite(place, {
    ...{ from: at, last: at + 1, text: sized ? 'decimal(10, 2)' : type.image, code: MISSING_WORD },
    message: sized
      ? 'the digits of `decimal` are missing behind `(`'
      : `nothing stands behind the \`(\` of \`${type.image}\``,
    label: sized ? 'expected `decimal(10, 2)`, or other digits' : 'a size that is not written',
  });
};
