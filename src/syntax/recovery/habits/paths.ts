import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { WRONG_QUOTES } from '../../codes/words.ts';
import { isName } from '../../is-name.ts';
import { beginsLine, sameLine } from '../../layout.ts';
import type { Habit, Place } from './habit.ts';
import { written } from './places.ts';
import { rewrite } from './rewrite.ts';

/** `import shared.addresses`, `import { Address } from "shared.nom"`, `lookup Countries countries.csv {`. */
export const barePath: Habit = (place) => {
  const { tokens, at } = place;
  const kind = tokens[0]?.tokenType;
  if (at === 1 && kind === word.import) return imported(place);
  const given = isName(tokens[at - 1]) && tokens[at - 2]?.tokenType === word.given;
  if (!(at === 2 && kind === word.lookup) && !given) return undefined;
  const last = lastOfPath(place, at);
  const path = last === undefined ? '' : written(place, at, last);
  if (last === undefined || !/\.\w+$/.test(path)) return undefined;
  return rewrite(place, {
    ...{ from: at, last, text: JSON.stringify(path), code: WRONG_QUOTES },
    message: `the path of a ${given ? 'file of messages' : 'lookup'} is a text in double quotes`,
    label: 'without quotes',
    help: `write ${JSON.stringify(path)}`,
  });
};

function imported(place: Place): ReturnType<Habit> {
  const { tokens } = place;
  const text = tokens.findIndex(({ tokenType }, index) => index > 1 && tokenType === t.TextLiteral);
  const from = tokens.findIndex(({ tokenType }) => tokenType === word.from);
  if (text > 0 && from === text - 1)
    return rewrite(place, {
      ...{ from: 1, last: text, text: tokens[text]?.image ?? '""', code: WRONG_QUOTES },
      message: 'an import takes all of a file, so it names the file only',
      label: 'as in TypeScript',
      help: `write ${tokens[text]?.image ?? '""'}`,
    });
  const last = lastOfPath(place, 1);
  if (last === undefined) return undefined;
  const path = written(place, 1, last).replace(/\.nom$/, '');
  const plain = `${path.startsWith('.') || path.includes('/') ? path : path.replaceAll('.', '/')}.nom`;
  return rewrite(place, {
    ...{ from: 1, last, text: JSON.stringify(plain), code: WRONG_QUOTES },
    message: 'the path of an import is a text in double quotes',
    label: 'without quotes',
    help: `write ${JSON.stringify(plain)}`,
  });
}

/** The index of the last token of a path that has no quotes: what is not apart from what stands before it. */
function lastOfPath({ file, tokens }: Place, at: number): number | undefined {
  const first = tokens[at];
  if (first === undefined || first.tokenType === t.TextLiteral || first.tokenType === t.LeftCurly)
    return undefined;
  let last = at;
  while (last + 1 < tokens.length) {
    const [token, next] = [tokens[last], tokens[last + 1]];
    if (token === undefined || next === undefined || beginsLine(file, next)) break;
    const apart = !sameLine(file, token.startOffset, next.startOffset);
    const gap = file.text.slice(token.startOffset + token.image.length, next.startOffset);
    if (apart || gap !== '' || next.tokenType === t.LeftCurly) break;
    last += 1;
  }
  const sensible = tokens.slice(at, last + 1).every(({ image }) => /^(?:\w+|[-./]+)$/.test(image));
  return sensible ? last : undefined;
}
