import { finding } from '../diagnostics/diagnostic.ts';
import { describe } from '../model/type.ts';
import type { Check } from './check.ts';

export const newestBy: Check = {
  description: {
    code: 'NOM205',
    severity: 'error',
    title: '`newest by` needs a field that is ordered and never null',
    explanation: `The incoming row is written only if its version is larger than the stored one. That needs a type with an order
(numbers, dates, timestamps, texts) and a value on both sides. Null is not larger than any value.

\`\`\`nom
version: bigint?                                             // wrong
version: bigint @default(1)                                  // right
\`\`\``,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      const action = store.upsert?.action;
      if (action?.kind !== 'newest' || store.record.broken || action.by.field === undefined) continue;
      const { type, nullable } = action.by.field.type;
      if (type.kind === 'unknown') continue;
      const ordered = type.kind === 'scalar' && type.column.compare !== undefined;
      if (ordered && !nullable) continue;
      const why = nullable ? 'it can be null' : 'its type has no order';
      report(
        finding(
          newestBy.description,
          action.by.span,
          `\`${action.by.name}\` cannot decide which row is newest: ${why}`,
          {
            related: [
              {
                span: action.by.field.span,
                text: `\`${action.by.name}\` is ${describe(action.by.field.type)}`,
              },
            ],
            label: nullable ? 'can be null' : 'has no order',
            help: nullable
              ? 'declare it without `?`, for example with `@default(1)`'
              : 'use a number, a date, a timestamp or a text',
          },
        ),
      );
    }
  },
};
