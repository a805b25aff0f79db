import { finding } from '../diagnostics/diagnostic.ts';
import type { Check } from './check.ts';

export const oneRoot: Check = {
  description: {
    code: 'NOM404',
    severity: 'error',
    title: 'the sources of a derivation come from different messages',
    explanation: `A derivation combines the data of one message. Two entities arrive in two messages, at different times, so there is no
row to combine. Join their tables in the database, or send both in one message.`,
  },
  run: (program, report) => {
    for (const record of program.derivations) {
      const [first, second] = record.roots;
      if (record.broken || first === undefined || second === undefined) continue;
      report(
        finding(
          oneRoot.description,
          record.tree.name.span,
          `${record.name} combines ${first.name} and ${second.name}, which arrive in different messages`,
          {
            related: record.sources.map((source) => ({ span: source.tree.span })),
            help: 'derive from one of them; send both in one message, or join their tables in the database',
          },
        ),
      );
    }
  },
};
