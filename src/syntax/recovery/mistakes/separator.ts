import { advance } from '../../../../grammar/expectation.ts';
import { Comma, RightCurly } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { tokenSpan } from '../../lower/context.ts';
import { SEPARATOR } from '../../codes/structure.ts';
import { describeToken } from '../describe.ts';
import { expectsItem, startsItem } from '../items.ts';
import { sameLine } from '../../layout.ts';
import type { Fix, Mistake, Stuck } from '../stuck.ts';
import { fits } from '../stuck.ts';

/** `id: int,` and `(a, b,)`. */
export const separator: Mistake = (stuck) => strayComma(stuck) ?? trailingComma(stuck);

function strayComma(stuck: Stuck): Fix | undefined {
  const { file, tokens, found, before, at, complete, expected, wantsValue } = stuck;
  if (found?.tokenType !== Comma) return undefined;
  const next = tokens[at + 1];
  const between = (complete || expectsItem(expected)) && endsItem(stuck);
  const value = wantsValue || expected.some(({ rule }) => rule === 'json' || rule === 'literal');
  if (value && before?.tokenType !== Comma) return undefined;
  if (!between && (next === undefined || !fits(stuck, next))) return undefined;
  return {
    finding: finding(SEPARATOR, tokenSpan(file, found), 'unexpected comma', {
      label: between ? 'items in braces have no separator' : 'one too many',
      help: between ? 'leave it out: commas are only used in parentheses and lists' : 'leave it out',
    }),
    from: at,
    to: at + 1,
    insert: [],
    sure: true,
  };
}

/** Whether what follows the comma begins something new. */
function endsItem({ file, tokens, at, found }: Stuck): boolean {
  const next = tokens[at + 1];
  if (next === undefined || found === undefined || startsItem(file, tokens, at + 1)) return true;
  return next.tokenType === RightCurly || !sameLine(file, found.startOffset, next.startOffset);
}

function trailingComma({ file, found, before, at, states }: Stuck): Fix | undefined {
  if (found === undefined || before?.tokenType !== Comma) return undefined;
  if (advance(states[at - 1] ?? [], found).length === 0) return undefined;
  return {
    finding: finding(SEPARATOR, tokenSpan(file, before), `unexpected comma before ${describeToken(found)}`, {
      label: 'no item after this comma',
      help: 'leave it out',
    }),
    from: at - 1,
    to: at,
    insert: [],
    sure: true,
  };
}
