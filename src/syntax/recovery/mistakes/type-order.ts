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
      '`[]` goes before `?`, because the elements of a list cannot be null',
      { label: 'in the wrong order', help: 'write `[]?` for a nullable list, or `[]`' },
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
    finding: finding(TYPE_ORDER, between(file, found, last), '`[]` goes after the type of the elements', {
      label: 'not a valid type',
      help: `write \`${name.image}[]\``,
    }),
    from: at,
    to: at + 3,
    insert: [name, found, last],
    sure: true,
  };
}
