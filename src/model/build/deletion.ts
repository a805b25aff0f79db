import type { Report } from '../../diagnostics/diagnostic.ts';
import type { Expression } from '../expression.ts';
import { infer } from '../infer/infer.ts';
import { condition } from '../infer/infer-operators.ts';
import type { RecordModel, StoreModel } from '../program.ts';
import type { NamedValues } from '../infer/scope.ts';

/**
 * Gives every writer of a store with `delete when` the condition over its own rows. A shared store's condition is read
 * once for each writer, because the same field has another place in each; what is wrong with it is reported once.
 */
export function resolveDeletion(store: StoreModel, values: NamedValues, report: Report): void {
  const tree = store.delete;
  if (tree === undefined) return;
  for (const [at, writer] of store.writers.entries()) {
    const quiet: Report = at > 0 || writer.broken || store.record.broken ? () => {} : report;
    const deleteWhen: Expression = condition(
      tree.when,
      '`delete when`',
      scopeOf(writer, values, quiet),
      infer,
    );
    Object.assign(writer, { deleteWhen });
  }
}

function scopeOf(record: RecordModel, values: NamedValues, report: Report) {
  return {
    report,
    aliases: [],
    ...values,
    nonNull: new Set<string>(),
    own: {
      record,
      slot: 0,
      names: record.fields.map((field) => field.name),
      resolve: (index: number) => record.fields[index],
    },
  };
}
