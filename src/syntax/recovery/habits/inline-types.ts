import * as t from '../../../../grammar/tokens.ts';
import { word } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { FOREIGN_SYNTAX } from '../../codes/expressions.ts';
import { isName } from '../../is-name.ts';
import { emptyAt, endOf } from '../virtual.ts';
import type { Habit, Place } from './habit.ts';
import { closeOf, spanOf } from './habit.ts';

/** `status: "open" | "closed"` and `status: enum("open", "closed")`. */
export const inlineEnum: Habit = (place) => {
  const { file, tokens, at } = place;
  const name = tokens[at - 2];
  if (tokens[at]?.tokenType !== t.TextLiteral || tokens[at - 1]?.tokenType !== t.Colon || !isName(name))
    return undefined;
  let last = at;
  for (;;) {
    const [here, next] = [tokens[last], tokens[last + 1]];
    if (here === undefined || next?.tokenType !== t.TextLiteral) break;
    if (!/^\s*\|\s*$/.test(file.text.slice(endOf(here), next.startOffset))) break;
    last += 1;
  }
  if (last === at) return undefined;
  const members = tokens.slice(at, last + 1).map(({ image }) => image.slice(1, -1));
  const short = members.join('').length <= LONGEST;
  const type = capitalized(name.image);
  const end = endOf(tokens[last] ?? name);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, last),
      `the texts of \`${name.image}\` have to be an enum with a name`,
      {
        label: 'as in TypeScript',
        help: short
          ? `declare \`enum ${type} { ${members.map(memberOf).join('  ')} }\` outside, and write \`${name.image}: ${type}\``
          : `declare \`enum ${type} { … }\` outside, and write \`${name.image}: ${type}\``,
      },
    ),
    from: at,
    to: last + 1,
    insert: [emptyAt(end, t.Identifier, '')],
    sure: false,
  };
};

/** Nobody wants to read more in a finding. */
const LONGEST = 120;

/** A member that stands for a text: `done`, or `in_progress = "in progress"`. */
function memberOf(text: string): string {
  const name = text.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_') || '_';
  return name === text ? name : `${name} = "${text}"`;
}

/** `customer: { name: text }`. */
export const inlineShape: Habit = (place) => {
  const { tokens, at } = place;
  const name = tokens[at - 2];
  if (tokens[at]?.tokenType !== t.LeftCurly || tokens[at - 1]?.tokenType !== t.Colon || !isName(name))
    return undefined;
  const kind = tokens[0]?.tokenType;
  if (kind !== word.entity && kind !== word.shape && kind !== word.derive) return undefined;
  const close = closeOf(tokens, at);
  if (close < 0) return undefined;
  const list =
    tokens[close + 1]?.tokenType === t.LeftSquare && tokens[close + 2]?.tokenType === t.RightSquare;
  const last = close + (list ? 2 : 0);
  const type = capitalized(name.image);
  const shown = bodyOf(place, at, close);
  return {
    finding: finding(
      FOREIGN_SYNTAX,
      spanOf(place, at, last),
      `the object \`${name.image}\` has to be a shape with a name`,
      {
        label: 'as in TypeScript',
        help: `declare \`shape ${type} ${shown}\` outside, and write \`${name.image}: ${type}${list ? '[]' : ''}\``,
      },
    ),
    from: at,
    to: last + 1,
    insert: [emptyAt(endOf(tokens[last] ?? name), t.Identifier, '')],
    sure: false,
  };
};

/** The fields of an inline object as a shape has them: without separators, on one line. */
function bodyOf(place: Place, open: number, close: number): string {
  const fields = spanText(spanOf(place, open, close))
    .slice(1, -1)
    .split(/[,;\n](?![^(]*\))/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const whole = fields.join('  ');
  return /[{}]|\/\//.test(whole) || whole.length > LONGEST ? '{ … }' : `{ ${whole} }`;
}

function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
