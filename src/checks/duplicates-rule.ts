import { finding } from '../diagnostics/diagnostic.ts';
import type { Check } from './check.ts';

export const duplicatesRule: Check = {
  description: {
    code: 'NOM215',
    severity: 'error',
    title: '`duplicates` does not fit the upsert',
    explanation: `\`duplicates\` says what is left of different rows of one message with one key. \`duplicates first\` and \`duplicates last\`
fit every upsert. \`duplicates add\` adds the columns that the upsert adds, so it needs \`add (…)\`. \`duplicates newest\` compares
versions, so it needs \`newest by\`.

\`\`\`nom
upsert on (day)            duplicates add     // wrong: which columns?
upsert on (day) add (n)    duplicates add     // right
\`\`\``,
  },
  run: (program, report) => {
    for (const { record, upsert, duplicates } of program.stores) {
      if (upsert === undefined || duplicates === undefined || record.broken) continue;
      const { rule, span } = duplicates;
      if ((rule !== 'add' && rule !== 'newest') || upsert.action.kind === rule) continue;
      const needed = rule === 'add' ? 'add (…)' : 'newest by …';
      report(
        finding(
          duplicatesRule.description,
          span,
          `\`duplicates ${rule}\` needs an upsert with \`${needed}\``,
          {
            related: [{ span: upsert.tree.span, text: 'the upsert' }],
            help: 'write `duplicates first` or `duplicates last`, or leave it out: then such a message is rejected',
          },
        ),
      );
    }
  },
};
