import { finding } from '../diagnostics/diagnostic.ts';
import { META } from '../model/resolve/meta.ts';
import type { FieldModel, Program, RecordModel, StoreModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import type { Check } from './check.ts';

export const supersededHistory: Check = {
  description: {
    code: 'NOM221',
    severity: 'warning',
    title: 'a history or a counter misses messages, or counts them twice',
    explanation: `The own row of an entity with \`newest by\` decides for the whole message: an older message that comes later is superseded, and
writes none of its rows. That is right for tables that show the current state. A history or a counter misses the message.

\`\`\`nom
entity Order {
  …
  store orders { …  upsert on (id) newest by version }
}
derive OrderHistory from Order as o { …  store history { key (id, version) … } }    // misses late versions
\`\`\`

Let a derivation write the current state, so that no row decides for the whole message:

\`\`\`nom
entity Order { … }
derive CurrentOrder from Order as o { ...o  store orders { …  upsert on (id) newest by version } }
derive OrderHistory from Order as o { …  store history { key (id, version) … } }
\`\`\`

Next to an entity with \`keep\`, \`add\` counts a message again that is sent twice as two messages, although the entity keeps the
first. Store one row for each message, with \`keep\`, and add the rows up in a view of the database. Or let the sender set an
\`Idempotency-Key\`: then both are one message.`,
  },
  run: (program, report) => {
    const derived = derivedTables(program);
    for (const root of program.entities) {
      const own = program.storeOf.get(root);
      const kind = own?.upsert?.action.kind;
      if (own === undefined || root.broken || (kind !== 'newest' && kind !== 'keep')) continue;
      for (const { store, counts } of besides(derived.get(root) ?? [], root, own)) {
        if (kind === 'keep' && !counts) continue;
        const { upsert } = store;
        const table = tableName(store);
        report(
          finding(
            supersededHistory.description,
            upsert?.tree.span ?? store.tree.table.span,
            kind === 'keep'
              ? `${table} adds a message of ${root.name} up again that is sent twice, though ${tableName(own)} keeps the first`
              : `${table} misses each message of ${root.name} that comes after a newer one`,
            {
              label: counts ? 'counts messages' : 'has a row for each version',
              related: [
                {
                  span: own.upsert?.tree.span ?? own.tree.table.span,
                  text: kind === 'keep' ? 'keeps the first' : 'a message that is older writes nothing at all',
                },
              ],
              help:
                kind === 'keep'
                  ? 'store one row for each message with `keep` and add them up in a view, or let senders set an `Idempotency-Key`'
                  : `move the store of ${root.name} into a derivation, \`derive Current from ${root.name} as … { ... }\`: then every message writes ${table}`,
            },
          ),
        );
      }
    }
  },
};

interface Beside {
  readonly store: StoreModel;
  /** Whether it adds up; else it has a row for each version. */
  readonly counts: boolean;
}

/** A table with those of its writers whose rows come from one message. */
interface Derived {
  readonly store: StoreModel;
  readonly writers: RecordModel[];
}

/** The tables that a message writes through derivations, by its entity: one look at each table is enough for all entities. */
function derivedTables({ stores }: Program): ReadonlyMap<RecordModel, readonly Derived[]> {
  const tables = new Map<RecordModel, Derived[]>();
  for (const store of stores)
    for (const writer of store.writers) {
      if (store.record.broken || writer.broken || writer.tree.kind === 'entity') continue;
      for (const root of writer.roots) {
        const known = tables.get(root) ?? [];
        tables.set(root, known);
        if (known.at(-1)?.store === store) known.at(-1)?.writers.push(writer);
        else known.push({ store, writers: [writer] });
      }
    }
  return tables;
}

/** The other tables of a message that count it, or that keep each version of it. */
function besides(derived: readonly Derived[], root: RecordModel, own: StoreModel): readonly Beside[] {
  const version = own.upsert?.action.kind === 'newest' ? own.upsert.action.by.field : undefined;
  return derived.flatMap(({ store, writers }): readonly Beside[] => {
    if (store === own) return [];
    if (store.upsert?.action.kind === 'add') return [{ store, counts: true }];
    const keyed = writers.some((writer) =>
      store.upsert?.columns.some(({ name }) => {
        const field = writer.fields.find((each) => each.name === name);
        return field !== undefined && tellsVersions(writer, field, root, version);
      }),
    );
    return keyed ? [{ store, counts: false }] : [];
  });
}

/** Whether the field is the version of the message, or something of `meta`, so that each message has another. */
function tellsVersions(
  record: RecordModel,
  { origin }: FieldModel,
  root: RecordModel,
  version: FieldModel | undefined,
): boolean {
  const value = origin.kind === 'computed' ? origin.value : undefined;
  if (value?.kind !== 'field' || value.target.kind !== 'slot') return false;
  const { type } = value.target.typed;
  if (type.kind !== 'record') return false;
  if (type.of === META) return true;
  const read = value.target.slot === record.sources.length ? record : readRecord(record, value.target.slot);
  const field = read?.fields[value.index];
  if (read === undefined || field === undefined) return false;
  return read === root ? field === version : tellsVersions(read, field, root, version);
}

function readRecord({ sources }: RecordModel, slot: number): RecordModel | undefined {
  const from = sources[slot]?.from;
  return from?.kind === 'record' ? from.record : undefined;
}
