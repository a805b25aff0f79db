import { finding, type Report } from '../diagnostics/diagnostic.ts';
import type { ColumnName, RecordModel } from '../model/program.ts';
import { unrepeatableCall } from '../model/query/repeatable.ts';
import { describe, describeType } from '../model/type.ts';
import type { Check } from './check.ts';

export const orderFields: Check = {
  description: {
    code: 'NOM212',
    severity: 'error',
    title: 'a field of `ordered by` cannot be part of a key',
    explanation: `Messages with equal \`ordered by\` fields are applied in the order in which they were accepted. The fields have the same rules as
a key. They are never null. Their type has exact equality: not \`float\`, \`json\`, a list or a nested object. They are the same
each time the same message arrives, so they do not use \`now()\`.

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
  const call = unrepeatableCall(entity, field, new Set());
  if (call !== undefined)
    report(
      finding(
        orderFields.description,
        span,
        `\`${name}\` changes each time the same message arrives, so messages cannot be ordered by it`,
        {
          label: 'changes at every delivery',
          related: [{ span: call.span, text: 'the value depends on this' }],
          help: 'use a field of the message',
        },
      ),
    );
  else if (type.kind !== 'enum' && !(type.kind === 'scalar' && type.column.key))
    report(
      finding(
        orderFields.description,
        span,
        `\`${name}\` is ${describeType(type)}, and messages cannot be ordered by it`,
        {
          label: 'cannot be ordered by',
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
        `\`${name}\` can be null, so a message without it would have no key`,
        {
          label: 'can be null',
          related: [declared],
          help: 'declare it without `?`, for example with `@default(…)`, or order by a computed field, `a ?? b`',
        },
      ),
    );
}
