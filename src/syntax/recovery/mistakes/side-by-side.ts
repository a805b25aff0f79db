import { Colon, Equal } from '../../../../grammar/tokens.ts';
import { expectedIn } from '../../../../grammar/expectation.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { between } from '../../lower/context.ts';
import { MISSING_WORD } from '../../codes/structure.ts';
import { expectsOperator } from '../describe.ts';
import { sameLine } from '../../layout.ts';
import type { Mistake } from '../stuck.ts';
import { expects } from '../stuck.ts';

/** `total = price quantity`: the second value was read as the name of the next field. */
export const sideBySide: Mistake = (stuck) => {
  const { file, tokens, before, found, at, states } = stuck;
  const value = tokens[at - 2];
  if (before === undefined || value === undefined || !expects(stuck, Colon, 'field')) return undefined;
  if (!sameLine(file, value.startOffset, before.startOffset)) return undefined;
  if (!expectsOperator(expectedIn(states[at - 1] ?? []))) return undefined;
  // `a = b c = d` has two fields.
  if (found?.tokenType === Colon || found?.tokenType === Equal) return undefined;
  let to = at;
  while (to < tokens.length && sameLine(file, before.startOffset, tokens[to]?.startOffset ?? 0)) {
    if (/^[{}]$/.test(tokens[to]?.image ?? '')) break;
    to += 1;
  }
  return {
    finding: finding(
      MISSING_WORD,
      between(file, value, before),
      `\`${value.image}\` and \`${before.image}\` stand side by side without an operator`,
      {
        label: 'expected an operator between them',
        help: `write one between them, such as \`${value.image} + ${before.image}\`, or begin the next field on a line of its own`,
      },
    ),
    from: at - 1,
    to,
    insert: [],
    sure: false,
  };
};
