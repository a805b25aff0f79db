import { finding } from '../diagnostics/diagnostic.ts';
import { isInside } from '../model/query/nesting.ts';
import type { Check } from './check.ts';

export const multipliedSources: Check = {
  description: {
    code: 'NOM403',
    severity: 'error',
    title: 'two independent `each` sources multiply',
    explanation: `Two independent lists make a row for every pair of their elements. That is rarely intended, and the number of rows is the
product of the two lengths. A list inside an element of the other list is correct.

\`\`\`nom
derive X from Order as o, each o.lines as l, each o.payments as p { … }       // wrong
derive X from Order as o, each o.parcels as c, each c.items as i { … }        // right: nested
\`\`\``,
  },
  run: (program, report) => {
    for (const record of program.derivations) {
      if (record.broken) continue;
      const repeated = record.sources
        .map((source, slot) => ({ source, slot }))
        .filter(({ source }) => source.mode === 'each' && source.repeated && source.from.kind !== 'unknown');
      for (const [at, later] of repeated.entries()) {
        const other = repeated
          .slice(0, at)
          .find((earlier) => !isInside(record.sources, later.slot, earlier.slot));
        if (other === undefined) continue;
        report(
          finding(
            multipliedSources.description,
            later.source.tree.span,
            `\`${other.source.alias}\` and \`${later.source.alias}\` are independent lists, so the result has a row for every pair of their elements`,
            {
              label: 'multiplies with the other list',
              related: [{ span: other.source.tree.span, text: 'the other list' }],
              help: 'derive two entities, one from each list',
            },
          ),
        );
      }
    }
  },
};
