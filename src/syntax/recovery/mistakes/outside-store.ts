import { Colon } from '../../../../grammar/tokens.ts';
import { finding } from '../../../diagnostics/diagnostic.ts';
import { tokenSpan } from '../../lower/context.ts';
import { UNEXPECTED } from '../../codes/structure.ts';
import { beginsStoreItem } from '../items.ts';
import type { Mistake } from '../stuck.ts';
import { expects } from '../stuck.ts';

/** `key (id)` beside the fields of an entity. */
export const outsideStore: Mistake = (stuck) => {
  const { file, tokens, before, at, item } = stuck;
  if (before === undefined || !expects(stuck, Colon, 'field') || !beginsStoreItem(tokens, at - 1)) {
    return undefined;
  }
  return {
    finding: finding(
      UNEXPECTED,
      tokenSpan(file, before),
      `\`${before.image}\` belongs in the braces of a \`store\``,
      { label: 'outside of a store', help: `write \`store table_name { ${before.image} … }\`` },
    ),
    from: at - 1,
    to: Math.max(item?.to ?? 0, at),
    insert: [],
    sure: false,
  };
};
