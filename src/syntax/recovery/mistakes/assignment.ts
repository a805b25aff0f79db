import { Equal, EqualEqual } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { tokenSpan } from '../../lower/context.ts';
import { ASSIGNMENT } from '../../codes/expressions.ts';
import type { Mistake } from '../stuck.ts';
import { inPlaceOf } from '../virtual.ts';

/** `check status = "open"`. */
export const assignment: Mistake = ({ file, found, at, wantsOperator }) => {
  if (found?.tokenType !== Equal || !wantsOperator) return undefined;
  return {
    finding: finding(ASSIGNMENT, tokenSpan(file, found), 'expected `==`, found `=`', {
      label: '`=` does not compare values',
      help: 'write `==`',
    }),
    from: at,
    to: at + 1,
    insert: [inPlaceOf(found, EqualEqual)],
    sure: true,
  };
};
