import { finding } from '../diagnostics/diagnostic.ts';
import type { StoreModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import type { Check } from './check.ts';

export const prunedLists: Check = {
  description: {
    code: 'NOM214',
    severity: 'warning',
    title: 'an old list that arrives late writes rows again that a newer list has pruned',
    explanation: `\`newest by\` keeps an old row from overwriting a newer one. A pruned row leaves no version behind, so an old message that
still lists the row writes it again. This cannot happen if the row of the message itself has a version, because the old message
is then superseded as a whole:

\`\`\`nom
entity Order { …  store orders { key (id)  upsert on (id) newest by version } }
\`\`\`

If the message has no row with a version, give each list a version and leave \`prune by\` out. The current rows are those with the
version of their list.

\`\`\`nom
derive AllergyList from Patient as p { …  store allergy_lists { key (mrn)  upsert on (mrn) newest by updated_at } }
\`\`\``,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      const { prune, upsert, writers, record } = store;
      if (prune === undefined || upsert?.action.kind !== 'newest' || record.broken) continue;
      const roots = new Set(writers.flatMap((writer) => writer.roots));
      const undecided = [...roots].find((root) => !root.broken && !isDecided(program.storeOf.get(root)));
      if (undecided === undefined) continue;
      report(
        finding(
          prunedLists.description,
          prune.span,
          `an old ${undecided.name} that arrives late writes rows of ${tableName(store)} again that a newer one has pruned`,
          {
            related: [{ span: undecided.tree.name.span, text: 'nothing says that it is older' }],
            help: `store ${undecided.name} itself with \`newest by\`, or store the lists with their version and leave \`prune by\` out`,
          },
        ),
      );
    }
  },
};

/** Whether the message's own row decides that it is superseded. */
function isDecided(store: StoreModel | undefined): boolean {
  return store?.upsert?.action.kind === 'newest';
}
