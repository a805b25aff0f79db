import { Colon } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { spanText } from '../../../text/source.ts';
import { between, tokenSpan } from '../../lower/context.ts';
import { UNEXPECTED } from '../../codes/structure.ts';
import { beginsStoreItem, itemAround } from '../items.ts';
import type { Mistake } from '../stuck.ts';
import { expects } from '../stuck.ts';

/** `key (id)` beside the fields of an entity. */
export const outsideStore: Mistake = (stuck) => {
  const { file, tokens, before, at, item } = stuck;
  if (before === undefined || !expects(stuck, Colon, 'field') || !beginsStoreItem(tokens, at - 1)) {
    return undefined;
  }
  // All that belongs in the same braces is one mistake.
  const from = at - 1;
  let to = Math.max(item?.to ?? 0, at);
  while (beginsStoreItem(tokens, to)) to = itemAround(file, tokens, to, true)?.to ?? to + 1;
  const [first, last] = [tokens[from], tokens[to - 1]];
  const span =
    first === undefined || last === undefined ? tokenSpan(file, before) : between(file, first, last);
  const items = spanText(span).replaceAll(/\s*\n\s*/g, '  ');
  return {
    finding: finding(UNEXPECTED, span, `\`${before.image}\` belongs in the braces of a \`store\``, {
      label: 'outside of a store',
      help: `write \`store table_name { ${items} }\`, with the name of your table`,
    }),
    from,
    to,
    insert: [],
    sure: false,
  };
};
