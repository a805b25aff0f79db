import { finding, type Report } from '../diagnostics/diagnostic.ts';
import type { ColumnName, RecordModel } from '../model/program.ts';
import { unrepeatableCall } from '../model/query/repeatable.ts';
import { describe, describeType } from '../model/type.ts';
import type { Check } from './check.ts';

export const orderFields: Check = {
  description: {
    code: 'NOM212',
    severity: 'error',
    title: '`ordered by` names a field that cannot say which messages belong together',
    explanation: `Messages whose \`ordered by\` fields are equal are worked in the order in which they came. So the fields are like those
of a key: never null, because a message without a value would belong to none; of a type with an exact equality, no
\`float\`, no \`json\`, no list and no nested object; and the same each time the same message arrives, not \`now()\`.

\`\`\`nom
entity Booking {
  account: text(34)?              // wrong: may be null
  account: text(34)               // right
  ordered by (account)
}
\`\`\``,
  },
  run: (program, report) => {
    for (const entity of program.entities) {
      if (entity.broken) continue;
      for (const named of entity.ordering?.fields ?? []) reportUnfit(entity, named, report);
    }
  },
};

function reportUnfit(entity: RecordModel, { name, span, field }: ColumnName, report: Report): void {
  if (field === undefined || field.type.type.kind === 'unknown') return;
  const { type, nullable } = field.type;
  const declared = { span: field.span, text: `\`${name}\` is ${describe(field.type)}` };
  const call = unrepeatableCall(entity, field);
  if (call !== undefined)
    report(
      finding(
        orderFields.description,
        span,
        `\`${name}\` is another value each time the same message arrives, so no messages can be ordered by it`,
        {
          related: [{ span: call.span, text: 'the value depends on this' }],
          help: 'use what the sender says, a field of the message',
        },
      ),
    );
  else if (type.kind !== 'enum' && !(type.kind === 'scalar' && type.column.key))
    report(
      finding(
        orderFields.description,
        span,
        `\`${name}\` is ${describeType(type)}, by which no messages can be ordered`,
        {
          related: [declared],
          help: 'use a text, an integer, a decimal, a date, a timestamp or a uuid',
        },
      ),
    );
  else if (nullable)
    report(
      finding(
        orderFields.description,
        span,
        `\`${name}\` may be null, and a message without it would belong to no key`,
        {
          related: [declared],
          help: 'declare it without `?`, for instance with `@default(…)`, or order by a computed field, `a ?? b`',
        },
      ),
    );
}
