import { finding } from '../diagnostics/diagnostic.ts';
import { spanText } from '../text/source.ts';
import type { Check } from './check.ts';

export const repeatedSource: Check = {
  description: {
    code: 'NOM402',
    severity: 'error',
    title: 'a repeated source has no `each`, or a single one has it',
    explanation: `\`each\` shows the reader that a source has many rows. A list is repeated, and so is a derived entity that has \`each\` itself.
Every other source is single.

\`\`\`nom
derive Line from Order as o, o.lines as line { … }           // wrong
derive Line from Order as o, each o.lines as line { … }      // right
\`\`\``,
  },
  run: (program, report) => {
    for (const record of program.derivations) {
      if (record.broken) continue;
      for (const source of record.sources) {
        if (source.from.kind === 'unknown') continue;
        if (source.repeated && source.mode !== 'each')
          report(
            finding(
              repeatedSource.description,
              source.tree.span,
              source.from.kind === 'list'
                ? `\`${spanText(source.from.list.span)}\` is a list, so it needs \`each\``
                : `\`${source.from.record.name}\` has many rows in one message, so it needs \`each\``,
              {
                label: source.from.kind === 'list' ? 'a list' : 'many rows',
                help: `write \`each ${spanText(source.tree.span)}\`, to make one row for each ${source.from.kind === 'list' ? 'element' : 'of its rows'}`,
              },
            ),
          );
        if (!source.repeated && source.mode === 'each')
          report(
            finding(
              repeatedSource.description,
              source.tree.span,
              `\`${source.alias}\` has at most one row in a message, so \`each\` has no meaning`,
              {
                help: 'leave `each` out',
              },
            ),
          );
      }
    }
  },
};
