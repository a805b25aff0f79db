import type { TokenType } from 'chevrotain';
import { Equal, LeftCurly, LeftSquare, MissingExpression, SizeLiteral } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { MISSING_EXPRESSION } from '../../codes/expressions.ts';
import { describeToken } from '../describe.ts';
import { sameLine } from '../../layout.ts';
import type { Mistake } from '../stuck.ts';
import { placeOf } from '../stuck.ts';
import { emptyAt, endOf, inPlaceOf } from '../virtual.ts';

/** `total: int =` and nothing more. */
export const missingExpression: Mistake = (stuck) => {
  const { file, found, before, at, wantsValue } = stuck;
  if (!wantsValue || before === undefined) return undefined;
  const here = found !== undefined && sameLine(file, endOf(before), found.startOffset);
  const after = `expected an expression after \`${before.image}\``;
  const size = found?.tokenType === SizeLiteral;
  return {
    finding: finding(
      MISSING_EXPRESSION,
      placeOf(stuck),
      here ? `${after}, found ${describeToken(found)}` : after,
      {
        label: 'expected an expression here',
        help: size
          ? 'sizes are only used in settings'
          : before.tokenType === Equal
            ? HELP.get(found?.tokenType)
            : undefined,
      },
    ),
    from: at,
    to: size ? at + 1 : at,
    insert: [
      size
        ? inPlaceOf(found, MissingExpression, '')
        : emptyAt(here ? found.startOffset : endOf(before), MissingExpression, ''),
    ],
    sure: false,
  };
};

/** What cannot be written as a value, though other languages have it. */
const HELP: ReadonlyMap<TokenType | undefined, string> = new Map([
  [LeftSquare, 'a list is read from a message and never written: give each value a field of its own'],
  [LeftCurly, 'an object is read from a message and never written: give each value a field of its own'],
]);
