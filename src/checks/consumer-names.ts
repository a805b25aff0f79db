import { finding, type Report } from '../diagnostics/diagnostic.ts';
import { consumersOf, type ConsumerModel } from '../model/query/consumers.ts';
import type { LinkModel } from '../model/program.ts';
import type { Check } from './check.ts';

export const consumerNames: Check = {
  description: {
    code: 'NOM507',
    severity: 'error',
    title: 'two consumers come out with the same name',
    explanation: `What a role consumes has a durable consumer in the stream, named \`pipeline_role_subject\`, with the entity behind it
where \`only\` is written, and \`_p0\`, \`_p1\` and so on for the partitions of entities with \`ordered by\`. Two of the same
name would be one consumer for two purposes.

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
      `the consumer ${durable} of ${stream} comes out twice`,
      {
        label: 'here',
        related: first.tree === undefined ? [] : [{ span: first.tree.path.span, text: 'and here' }],
        help: 'leave one of them out, or call the role or the subject otherwise',
      },
    ),
  );
}
