import { Colon, Identifier, reservedWords } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { between, tokenSpan } from '../../lower/context.ts';
import { isName } from '../../is-name.ts';
import { RESERVED_WORD } from '../../codes/structure.ts';
import { endOfType } from '../habits/end-of-type.ts';
import { describeExpected } from '../describe.ts';
import type { Mistake } from '../stuck.ts';
import { expects, fits } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';

const RESERVED: ReadonlySet<string> = new Set(reservedWords);

/** A field called `match`. */
export const reservedWord: Mistake = (stuck) => {
  const { file, tokens, found, at, expected, wantsValue } = stuck;
  if (found === undefined || !RESERVED.has(found.image) || wantsValue) return undefined;
  if (!expects(stuck, Identifier)) return undefined;
  const fixed = inPlaceOf(found, Identifier, found.image);
  const next = tokens[at + 1];
  if (next !== undefined && !fits(stuck, fixed, next)) return undefined;
  const names = expected.filter(({ type }) => type === Identifier);
  const named = describeExpected(names);
  const field = names.some(({ rule }) => rule === 'field');
  const typed = tokens[at + 2] ?? found;
  const place = { file, tokens, at };
  const type =
    field && next?.tokenType === Colon && isName(typed) ? tokens[endOfType(place, at + 2)] : undefined;
  return {
    finding: finding(
      RESERVED_WORD,
      type === undefined ? tokenSpan(file, found) : between(file, found, type),
      `\`${found.image}\` is a reserved word and cannot ${named === 'a name' ? 'be' : 'name'} ${named}`,
      {
        label: 'a reserved word',
        help: !field
          ? 'choose another name'
          : type === undefined
            ? `choose another name, and add \`@json("${found.image}")\` to read it from that key`
            : `write \`${found.image}_value: ${spanText(between(file, typed, type))} @json("${found.image}")\`, or any other name`,
      },
    ),
    from: at,
    to: at + 1,
    insert: [fixed],
    sure: true,
  };
};
