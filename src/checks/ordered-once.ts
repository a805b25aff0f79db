import { finding } from '../diagnostics/diagnostic.ts';
import { orderedEntities } from '../model/query/partitions.ts';
import { sharingLinks } from '../model/query/shared-messages.ts';
import type { Check } from './check.ts';

export const orderedOnce: Check = {
  description: {
    code: 'NOM508',
    severity: 'error',
    title: 'a stream with ordered messages is consumed twice',
    explanation: `To keep the order after a worker is lost, nomnom continues with the first message that was not applied. That is possible only
if each message has one consumer. If two roles consume the same message, the stream keeps it until both have acknowledged it,
and cannot say which role has not applied it.

\`\`\`nom
entity Order { id: int  ordered by (id) }
role worker { consume SHOP.ingest }
role audit  { consume SHOP.ingest }              // wrong: the same messages
role audit  { consume SHOP.ingest only Note }    // right, where the worker takes \`only Order\`
\`\`\``,
  },
  run: (program, report) => {
    for (const stream of program.streams) {
      const ordered = stream.subjects.flatMap((subject) => orderedEntities(program, subject));
      const [entity] = ordered;
      const shared = sharingLinks(stream, program);
      const [first, second] = shared ?? [];
      if (entity === undefined || first?.tree === undefined || second?.tree === undefined) continue;
      // Within one role it is NOM507's.
      if (program.roles.some(({ consumes }) => consumes.includes(first) && consumes.includes(second)))
        continue;
      report(
        finding(
          orderedOnce.description,
          second.tree.path.span,
          `two roles consume messages of ${stream.name}, but ${entity.name} has \`ordered by\``,
          {
            label: 'consumes the same messages',
            related: [{ span: first.tree.path.span, text: 'also consumed here' }],
            help: `let only one role consume them, or leave \`ordered by\` out of ${entity.name}`,
          },
        ),
      );
    }
  },
};
