import { finding } from '../diagnostics/diagnostic.ts';
import { dependsOn } from '../model/query/dependencies.ts';
import { isInside } from '../model/query/nesting.ts';
import type { RecordModel, SourceModel, StoreModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import type { Check } from './check.ts';
import { constraintOn, listed, resolved, writtenFields } from './constraint-columns.ts';
import { ofElement } from './of-element.ts';

export const derivedKey: Check = {
  description: {
    code: 'NOM204',
    severity: 'error',
    title: 'a derived key does not depend on the repeated source',
    explanation: `A derivation with \`each\` makes many rows from one message. If all of them have the same key, they overwrite each other and
only one remains.

\`\`\`nom
derive OrderLine from Order as o, each o.lines as line {
  ...line
  order_key = o.order_key
  store order_lines { key (order_key)  upsert on (order_key) }                            // wrong: one row for each order
  store order_lines { key (order_key, line_number)  upsert on (order_key, line_number) }  // right
}
\`\`\``,
  },
  run: (program, report) => {
    for (const store of program.stores) {
      const { upsert } = store;
      if (upsert === undefined || store.record.broken || !resolved(upsert.columns)) continue;
      // Rows of one key that add up are what `add` is for; with `duplicates` the store says what is left of them.
      if (store.duplicates !== undefined || upsert.action.kind === 'add') continue;
      const repeated = repeatedSources(store);
      if (repeated.length === 0 || constraintOn(store, upsert.columns) === undefined) continue;
      for (const { record, source, slot } of repeated) {
        const fields = writtenFields(record, upsert.columns);
        if (fields.some((field) => field.type.type.kind === 'unknown')) continue;
        // Then NOM210 says what to read instead.
        if (fields.some((field) => ofElement(store, field.name) !== undefined)) continue;
        const inside = [...record.sources.keys()].filter(
          (at) => at === slot || isInside(record.sources, at, slot),
        );
        if (inside.some((at) => fields.some((field) => dependsOn(record, field, at)))) continue;
        report(
          finding(
            derivedKey.description,
            upsert.tree.columns.span,
            `the key ${listed(upsert.columns)} of ${tableName(store)} is the same for every \`${source.alias}\`, so the rows of one message would overwrite each other`,
            {
              label: `has no field of \`${source.alias}\``,
              related: [{ span: source.tree.span, text: 'gives one row for each element' }],
              help: helpOf(store, record, inside, source.alias),
            },
          ),
        );
      }
    }
  },
};

/** The sources whose rows the key has to tell apart. */
function repeatedSources(
  store: StoreModel,
): readonly { readonly record: RecordModel; readonly source: SourceModel; readonly slot: number }[] {
  return store.writers
    .filter((record) => !record.broken && record.sources.length > 0)
    .flatMap((record) =>
      record.sources
        .map((source, slot) => ({ record, source, slot }))
        .filter(
          ({ source, slot }) =>
            source.mode === 'each' &&
            source.repeated &&
            source.from.kind !== 'unknown' &&
            !hasInnerEach(record.sources, slot),
        ),
    );
}

/** A list inside the list tells its rows apart for both. */
function hasInnerEach(sources: readonly SourceModel[], slot: number): boolean {
  return sources.some(
    (source) => source.mode === 'each' && source.from.kind === 'list' && source.from.parent === slot,
  );
}

/** The key with the first field that is read from the repeated source, which mostly counts its rows. */
function helpOf(store: StoreModel, record: RecordModel, inside: readonly number[], alias: string): string {
  const columns = store.upsert?.columns.map(({ name }) => name) ?? [];
  const field = record.fields.find(
    (each) =>
      each.type.type.kind === 'scalar' &&
      each.type.type.column.key &&
      !each.type.nullable &&
      store.columns.some(({ name }) => name === each.name) &&
      inside.some((at) => dependsOn(record, each, at)),
  );
  if (field === undefined) return `add a field to the key that differs for each \`${alias}\``;
  const wider = `(${[...columns, field.name].join(', ')})`;
  return `write \`key ${wider}\` and \`upsert on ${wider}\`, if \`${field.name}\` differs for each \`${alias}\``;
}
