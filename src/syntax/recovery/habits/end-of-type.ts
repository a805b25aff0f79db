import * as t from '../../../../grammar/tokens.ts';
import { isName } from '../../is-name.ts';
import { sameLine } from '../../layout.ts';
import type { Place } from './habit.ts';
import { closeOf } from './habit.ts';

/** The index of the last token of a type: `decimal(10, 2)[]?`. */
export function endOfType({ tokens }: Place, at: number): number {
  let last = at;
  if (tokens[last + 1]?.tokenType === t.LeftParen) {
    const close = closeOf(tokens, last + 1);
    if (close > 0) last = close;
  }
  if (tokens[last + 1]?.tokenType === t.LeftSquare && tokens[last + 2]?.tokenType === t.RightSquare)
    last += 2;
  if (tokens[last + 1]?.tokenType === t.Question) last += 1;
  return last;
}

/** Whether the type of a field ends at an index. */
export function endsType(place: Place, at: number): boolean {
  const { file, tokens } = place;
  for (let start = at; start > 1 && start > at - 8; start -= 1) {
    if (tokens[start - 1]?.tokenType !== t.Colon || !isName(tokens[start]) || !isName(tokens[start - 2]))
      continue;
    return (
      endOfType(place, start) === at &&
      sameLine(file, tokens[start]?.startOffset ?? 0, tokens[at]?.startOffset ?? 0)
    );
  }
  return false;
}

/** Whether an attribute with its parentheses ends at an index: `@default("x")`. */
export function endsAttribute({ tokens }: Place, at: number): boolean {
  if (tokens[at]?.tokenType !== t.RightParen) return false;
  let open = at - 1;
  while (open > 0 && tokens[open]?.tokenType !== t.LeftParen) open -= 1;
  return isName(tokens[open - 1]) && tokens[open - 2]?.tokenType === t.At;
}
