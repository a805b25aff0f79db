import { finding } from '../diagnostics/diagnostic.ts';
import type { StoreModel } from '../model/program.ts';
import type { Check } from './check.ts';

export const prunedLists: Check = {
  description: {
    code: 'NOM214',
    severity: 'warning',
    title: 'an older list that comes late brings back rows that a newer one has pruned',
    explanation: `\`newest by\` keeps an older row from overwriting a newer one. A row that was pruned has left no version behind: an older
message that still lists it writes it again. That cannot happen where the message itself is refused, because its own row
loses against a newer one:

\`\`\`nom
entity Order { …  store orders { key (id)  upsert on (id) newest by version } }
\`\`\`

Where the message has no row with a version, give each list one, and leave \`prune by\` out: what counts are the rows that
have the version of their list.

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
          `an older ${undecided.name} that comes late brings rows of ${store.table} back that a newer one has pruned`,
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
