import { Identifier, LeftSquare, Question, RightSquare } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { between } from '../../lower/context.ts';
import { TYPE_ORDER } from '../../codes/structure.ts';
import type { Fix, Mistake, Stuck } from '../stuck.ts';
import { expects } from '../stuck.ts';

/** `text?[]` and `[text]`. */
export const typeOrder: Mistake = (stuck) => listOfNullable(stuck) ?? bracketsAround(stuck);

function listOfNullable({ file, tokens, found, before, at }: Stuck): Fix | undefined {
  const last = tokens[at + 1];
  if (before?.tokenType !== Question || found?.tokenType !== LeftSquare) return undefined;
  if (last?.tokenType !== RightSquare) return undefined;
  return {
    finding: finding(
      TYPE_ORDER,
      between(file, before, last),
      'the `[]` of a list stands before the `?`, and the elements of a list are never null',
      { label: 'in the wrong order', help: 'write `[]?` for a list that may be null, or `[]`' },
    ),
    from: at,
    to: at + 2,
    insert: [],
    sure: true,
  };
}

function bracketsAround(stuck: Stuck): Fix | undefined {
  const { file, tokens, found, at } = stuck;
  if (found?.tokenType !== LeftSquare || !expects(stuck, Identifier, 'type')) return undefined;
  const [name, last] = [tokens[at + 1], tokens[at + 2]];
  if (name === undefined || last?.tokenType !== RightSquare) return undefined;
  return {
    finding: finding(
      TYPE_ORDER,
      between(file, found, last),
      'the `[]` of a list stands behind the type of its elements',
      { label: 'not a type', help: `write \`${name.image}[]\`` },
    ),
    from: at,
    to: at + 3,
    insert: [name],
    sure: true,
  };
}
