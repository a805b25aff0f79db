import { finding } from '../diagnostics/diagnostic.ts';
import { orderedEntities } from '../model/query/partitions.ts';
import { sharingLinks } from '../model/query/shared-messages.ts';
import type { Check } from './check.ts';

export const orderedOnce: Check = {
  description: {
    code: 'NOM508',
    severity: 'error',
    title: 'a stream with ordered messages is consumed twice',
    explanation: `The order per key is kept by beginning again, after a worker was lost, with the first message that was not worked. A
stream can do that where each of its messages has one taker. Where two roles take the same messages, it keeps a message
until both have it, and cannot say what the one has not worked.

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
      const shared = sharingLinks(stream.name, program);
      const [first, second] = shared ?? [];
      if (entity === undefined || first?.tree === undefined || second?.tree === undefined) continue;
      // Within one role it is NOM507's.
      if (program.roles.some(({ consumes }) => consumes.includes(first) && consumes.includes(second)))
        continue;
      report(
        finding(
          orderedOnce.description,
          second.tree.path.span,
          `messages of ${stream.name} are consumed twice, and ${entity.name} is ordered`,
          {
            label: 'takes the same messages',
            related: [{ span: first.tree.path.span, text: 'as this' }],
            help: `let one role consume them, or leave \`ordered by\` out of ${entity.name}`,
          },
        ),
      );
    }
  },
};
