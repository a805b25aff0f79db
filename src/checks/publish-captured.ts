import { finding } from '../diagnostics/diagnostic.ts';
import { missingSubject } from '../model/resolve/streams.ts';
import type { Check } from './check.ts';

export const publishCaptured: Check = {
  description: {
    code: 'NOM503',
    severity: 'error',
    title: 'a role publishes a subject that no stream captures',
    explanation: `A message that no stream captures is lost, because nothing stores it. A role publishes to \`STREAM.subject\`, a subject
that one of the streams declares.

\`\`\`nom
stream SHOP { subject ingest = "shop.ingest.{entity}" }
role ingest { publish SHOP.inbox }      // wrong
role ingest { publish SHOP.ingest }     // right
\`\`\``,
  },
  run: (program, report) => {
    for (const role of program.roles) {
      if (role.tree?.broken === true) continue;
      for (const link of [...role.publishes, ...(role.deadLetter === undefined ? [] : [role.deadLetter])]) {
        if (link.subject !== undefined || link.tree === undefined) continue;
        const problem = missingSubject(link.tree.path, program.streams);
        if (problem !== undefined)
          report(
            finding(
              publishCaptured.description,
              link.tree.path.span,
              link.tree.path.parts.length < 2
                ? problem.message
                : `no stream captures what the role ${role.name} publishes: ${problem.message}`,
              {
                help: problem.help,
              },
            ),
          );
      }
    }
  },
};
