import { finding } from '../diagnostics/diagnostic.ts';
import type { StoreModel } from '../model/program.ts';
import { unrepeatableCall, type Repeatable } from '../model/query/repeatable.ts';
import { describe, scalarName } from '../model/type.ts';
import type { Check } from './check.ts';
import { ofElement } from './of-element.ts';

export const keyTypes: Check = {
  description: {
    code: 'NOM210',
    severity: 'error',
    title: 'a key column has a type that cannot be in a key, or a value that changes between deliveries',
    explanation: `The same message must always have the same key. A \`float\` is not exact, \`json\` and lists cannot be compared, and \`now()\` is
different at every delivery.

\`\`\`nom
key (measured_value)      // wrong where it is a float
key (sensor, measured_at) // right
\`\`\``,
  },
  run: (program, report) => {
    const known: Repeatable = new Set();
    for (const store of program.stores) {
      if (store.record.broken) continue;
      for (const constraint of store.keys)
        for (const { field, name, span } of constraint.columns) {
          if (field === undefined || field.type.type.kind === 'unknown') continue;
          const call = unrepeatableWriter(store, name, known);
          if (call !== undefined) {
            report(
              finding(
                keyTypes.description,
                span,
                `\`${name}\` changes each time the same message arrives, so it cannot be part of a ${constraint.kind}`,
                {
                  label: 'changes at every delivery',
                  related: [{ span: call.span, text: 'the value depends on this' }],
                  help: `leave \`${name}\` out of the key and of the upsert, or use a field of the message${otherMoment(store)}`,
                },
              ),
            );
            continue;
          }
          if (field.type.type.kind === 'enum') continue;
          if (field.type.type.kind === 'scalar' && field.type.type.column.key) continue;
          const one = ofElement(store, name);
          if (one !== undefined) {
            report(
              finding(
                keyTypes.description,
                one.span,
                `\`${name}\` is read from the whole list \`${one.list}\`, not from one row of it`,
                {
                  label: `this is ${describe(field.type)}`,
                  related: [{ span, text: `part of a ${constraint.kind}` }],
                  help: `write \`${one.text}\``,
                },
              ),
            );
            continue;
          }
          report(
            finding(
              keyTypes.description,
              span,
              `\`${name}\` is ${describe(field.type)}, which cannot be part of a ${constraint.kind}`,
              {
                label: `cannot be part of a ${constraint.kind}`,
                related: [{ span: field.span, text: `\`${name}\` is ${describe(field.type)}` }],
                help: 'use a text, an integer, a decimal, a date, a timestamp or a uuid',
              },
            ),
          );
        }
    }
  },
};

/** A field of the message that holds a moment too, to be named in its place. */
function otherMoment({ record }: StoreModel): string {
  for (const { alias, row } of record.sources) {
    const fields = row.type.kind === 'record' ? row.type.of.fields : [];
    const moment = fields.find(({ type }) => scalarName(type.type) === 'timestamp' && !type.nullable);
    if (moment !== undefined) return `, such as \`${alias}.${moment.name}\``;
  }
  return '';
}

/** What makes a column another value each time, in whichever record writes it. */
function unrepeatableWriter(
  store: StoreModel,
  column: string,
  known: Repeatable,
): ReturnType<typeof unrepeatableCall> {
  for (const writer of store.writers) {
    const field = writer.fields.find((each) => each.name === column);
    const call = field === undefined ? undefined : unrepeatableCall(writer, field, known);
    if (call !== undefined) return call;
  }
  return undefined;
}
