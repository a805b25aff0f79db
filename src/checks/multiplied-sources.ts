import { finding } from '../diagnostics/diagnostic.ts';
import { isInside } from '../model/query/nesting.ts';
import type { Check } from './check.ts';

export const multipliedSources: Check = {
  description: {
    code: 'NOM403',
    severity: 'error',
    title: 'two independent `each` sources multiply',
    explanation: `Two lists that have nothing to do with each other would give every pair of their elements. That is hardly ever meant,
and its size is the product of theirs. A list inside an element of the other one is fine.

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
            `\`${other.source.alias}\` and \`${later.source.alias}\` are independent, so every pair of their rows would come out`,
            {
              label: 'each of these',
              related: [{ span: other.source.tree.span, text: 'with each of those' }],
              help: 'derive two entities, one from each list',
            },
          ),
        );
      }
    }
  },
};
