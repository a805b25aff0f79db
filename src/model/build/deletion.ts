import type { Report } from '../../diagnostics/diagnostic.ts';
import type { Expression } from '../expression.ts';
import { infer } from '../infer/infer.ts';
import { condition } from '../infer/condition.ts';
import { narrowed, NOTHING_PROVEN, provenNonNull, type Scope } from '../infer/scope.ts';
import type { RecordModel } from '../program.ts';
import type { Context } from './context.ts';

/**
 * The condition of `delete when` over a writer's rows and, in its own store, their sources. A shared store's condition is
 * read once for each writer, because the same field has another place in each, and knows the sources of none; what is wrong
 * with it is reported once.
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
    scopeOf(writer, store.owner === writer.name, context, quiet ? () => {} : context.report),
    infer,
  );
}

function scopeOf(record: RecordModel, isOwner: boolean, { values }: Context, report: Report): Scope {
  const { sources, fields, where } = record;
  const scope: Scope = {
    report,
    // The slots of a derivation are the same everywhere, with names or without.
    aliases: sources.map(({ alias, row }) => ({ name: isOwner ? alias : NO_NAME, row })),
    ...values,
    nonNull: NOTHING_PROVEN,
    own: {
      record,
      slot: sources.length,
      names: fields.map((field) => field.name),
      indexOf: (name) => fields.findIndex((field) => field.name === name),
      resolve: (index: number) => fields[index],
    },
  };
  return narrowed(scope, where === undefined ? [] : provenNonNull(where, true));
}

/** No program can write it. */
const NO_NAME = '';
