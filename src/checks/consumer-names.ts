import { finding, type Report } from '../diagnostics/diagnostic.ts';
import { consumersOf, type ConsumerModel } from '../model/query/consumers.ts';
import type { LinkModel } from '../model/program.ts';
import type { Check } from './check.ts';

export const consumerNames: Check = {
  description: {
    code: 'NOM507',
    severity: 'error',
    title: 'two consumers have the same name',
    explanation: `A role has a durable consumer in the stream for each subject it consumes, named \`pipeline_role_subject\`. With \`only\`, the name
ends with the entity. For entities with \`ordered by\` it ends with the partition: \`_p0\`, \`_p1\` and so on. Two consumers
with the same name would be one consumer.

\`\`\`nom
role worker { consume SHOP.ingest  consume SHOP.ingest }               // wrong: twice the same
role a   { consume SHOP.b_c }   role a_b { consume SHOP.c }            // wrong: shop_a_b_c both
\`\`\``,
  },
  run: (program, report) => {
    const taken = new Map<string, LinkModel>();
    for (const role of program.roles) {
      if (role.tree?.broken === true) continue;
      for (const link of role.consumes) {
        let reported = false;
        for (const consumer of consumersOf(program, role, link)) {
          const first = taken.get(nameOf(consumer));
          if (first === undefined) taken.set(nameOf(consumer), link);
          // One that comes out twice makes all its partitions do so.
          else if (!reported) {
            reportTwice(consumer, link, first, report);
            reported = true;
          }
        }
      }
    }
  },
};

function nameOf({ stream, durable }: ConsumerModel): string {
  return `${stream} ${durable}`;
}

function reportTwice(
  { stream, durable }: ConsumerModel,
  link: LinkModel,
  first: LinkModel,
  report: Report,
): void {
  if (link.tree === undefined) return;
  report(
    finding(
      consumerNames.description,
      link.tree.path.span,
      `two consumers of ${stream} are called ${durable}`,
      {
        label: 'second consumer with this name',
        related: first.tree === undefined ? [] : [{ span: first.tree.path.span, text: 'the first consumer' }],
        help: 'leave one of them out, or rename the role or the subject',
      },
    ),
  );
}
