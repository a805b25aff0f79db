import type { Report } from '../../diagnostics/diagnostic.ts';
import type { Expression } from '../expression.ts';
import { infer } from '../infer/infer.ts';
import { condition } from '../infer/condition.ts';
import type { RecordModel } from '../program.ts';
import type { Context } from './context.ts';

/**
 * The condition of `delete when` over a writer's own rows. A shared store's condition is read once for each writer,
 * because the same field has another place in each; what is wrong with it is reported once.
 */
export function inferDeletion(writer: RecordModel, context: Context): Expression | undefined {
  const store = context.stores.get(writer.name);
  const tree = store?.tree.items.find((item) => item.kind === 'delete');
  if (store === undefined || tree === undefined) return undefined;
  const owner = context.records.get(store.owner);
  const quiet = store.writers[0] !== writer.name || owner?.broken === true;
  return condition(
    tree.when,
    '`delete when`',
    scopeOf(writer, context, quiet ? () => {} : context.report),
    infer,
  );
}

function scopeOf(record: RecordModel, { values }: Context, report: Report) {
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
