import * as t from '../../../../grammar/tokens.ts';
import { mistakes, word } from '../../../../grammar/tokens.ts';
import { STRAY_CHARACTER } from '../../codes/words.ts';
import { isName } from '../../is-name.ts';
import { beginsLine, sameLine } from '../../layout.ts';
import type { Habit } from './habit.ts';
import { latin } from '../latin.ts';
import { asName, depthAt, inMembers, pathFrom, written } from './places.ts';
import { rewrite } from './rewrite.ts';
import { endOfType } from './end-of-type.ts';

/** `größe: text`, `2nd: text`, `address.city: text`, `first name: text`: a key of a message that is no name. */
export const oddName: Habit = (place) => {
  const { file, tokens, at } = place;
  const first = tokens[at];
  if (first === undefined || !inMembers(place) || depthAt(place) !== 1) return undefined;
  if (!beginsLine(file, first) && tokens[at - 1]?.tokenType !== t.LeftCurly) return undefined;
  const last = lastOfKey(place, at);
  if (last === undefined || tokens[last + 1]?.tokenType !== t.Colon || !isName(tokens[last + 2]))
    return undefined;
  const key = written(place, at, last);
  const ascii = asName(latin(key));
  // What has no letter of ours needs a name of its own.
  const name = /[A-Za-z0-9]/.test(ascii) ? ascii : 'field';
  const typed = endOfType(place, last + 2);
  // `pos: item.pos` is a value, and so is a call.
  if (tokens[typed + 1]?.tokenType === t.Dot) return undefined;
  const attribute = tokens[0]?.tokenType === word.derive ? '' : ` @json(${JSON.stringify(key)})`;
  return rewrite(place, {
    ...{ from: at, last: typed, text: `${name}${written(place, last + 1, typed)}${attribute}` },
    code: STRAY_CHARACTER,
    message: 'a name has only letters from A to Z, digits and `_`, and begins with no digit',
    label: 'not a valid name',
  });
};

function lastOfKey({ file, tokens }: Parameters<Habit>[0], at: number): number | undefined {
  const [first, second] = [tokens[at], tokens[at + 1]];
  if (first === undefined) return undefined;
  if (first.tokenType === mistakes.foreignName || first.tokenType === mistakes.badNumber) return at;
  const path = pathFrom(tokens, at);
  if (path !== undefined && path > at) return path;
  if (!isName(first) || !isName(second) || second === undefined) return undefined;
  const words = sameLine(file, first.startOffset, second.startOffset);
  return words && tokens[at + 2]?.tokenType === t.Colon && !WORDS.test(first.image) ? at + 1 : undefined;
}

/** Words before a name that other habits know. */
const WORDS =
  /^(?:let|const|var|val|readonly|public|private|protected|static|final|optional|required|repeated|check|store)$/;
