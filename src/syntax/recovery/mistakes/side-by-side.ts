import { Colon, DurationLiteral, Equal, NumberLiteral, TextLiteral } from '../../../../grammar/tokens.ts';
import { expectedIn } from '../../../../grammar/expectation.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { between } from '../../lower/context.ts';
import { MISSING_WORD } from '../../codes/structure.ts';
import { expectsOperator } from '../describe.ts';
import { sameLine } from '../../layout.ts';
import type { Fix, Mistake, Stuck } from '../stuck.ts';
import { expects } from '../stuck.ts';

/** `total = price quantity`: the second value was read as the name of the next field. */
export const sideBySide: Mistake = (stuck) => besideValue(stuck) ?? readAsField(stuck);

/** `rev 0`: a value behind a value. */
function besideValue({ file, tokens, before, found, at, wantsOperator }: Stuck): Fix | undefined {
  if (!wantsOperator || before === undefined || found === undefined || !LITERALS.has(found.tokenType))
    return undefined;
  const inside = tokens.slice(0, at).filter(({ image }) => image === '(').length;
  if (inside !== tokens.slice(0, at).filter(({ image }) => image === ')').length) return undefined;
  if (!sameLine(file, before.startOffset, found.startOffset)) return undefined;
  return {
    finding: finding(
      MISSING_WORD,
      between(file, before, found),
      `\`${before.image}\` and \`${found.image}\` stand side by side without an operator`,
      {
        label: 'expected an operator between them',
        help: `write one between them, such as \`${before.image} == ${found.image}\``,
      },
    ),
    from: at,
    to: at + 1,
    insert: [],
    sure: false,
  };
}

const LITERALS = new Set([TextLiteral, NumberLiteral, DurationLiteral]);

function readAsField(stuck: Stuck): Fix | undefined {
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
}
