import { finding } from '../diagnostics/diagnostic.ts';
import { META } from '../model/resolve/meta.ts';
import type { FieldModel, RecordModel, StoreModel } from '../model/program.ts';
import { derivedFrom } from '../model/query/derived-from.ts';
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
    const places = new Map(program.stores.map((store, at) => [store, at]));
    const storesBeside = (root: RecordModel): readonly StoreModel[] => {
      const stores = derivedFrom(program, root).flatMap((record) => program.storeOf.get(record) ?? []);
      return [...new Set(stores)].toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
    };
    for (const root of program.entities) {
      const own = program.storeOf.get(root);
      const kind = own?.upsert?.action.kind;
      if (own === undefined || root.broken || (kind !== 'newest' && kind !== 'keep')) continue;
      for (const { store, counts } of besides(storesBeside(root), root, own)) {
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

/** The other tables of a message that count it, or that keep each version of it. */
function besides(stores: readonly StoreModel[], root: RecordModel, own: StoreModel): readonly Beside[] {
  const version = own.upsert?.action.kind === 'newest' ? own.upsert.action.by.field : undefined;
  const known = new Map<FieldModel, boolean>();
  return stores.flatMap((store): readonly Beside[] => {
    const writers = store.writers.filter(
      (writer) => writer !== root && !writer.broken && writer.roots.includes(root),
    );
    if (store === own || store.record.broken || writers.length === 0) return [];
    if (store.upsert?.action.kind === 'add') return [{ store, counts: true }];
    const keyed = writers.some((writer) =>
      store.upsert?.columns.some(({ name }) => {
        const field = writer.fields.find((each) => each.name === name);
        return field !== undefined && tellsVersions(writer, field, { root, version, known });
      }),
    );
    return keyed ? [{ store, counts: false }] : [];
  });
}

interface Versions {
  readonly root: RecordModel;
  /** The field of the root that `newest by` compares. */
  readonly version: FieldModel | undefined;
  /** What was found out about fields: rows can be derived from rows through thousands of steps. */
  readonly known: Map<FieldModel, boolean>;
}

/** Whether the field is the version of the message, or something of `meta`, so that each message has another. */
function tellsVersions(record: RecordModel, field: FieldModel, { root, version, known }: Versions): boolean {
  const path: FieldModel[] = [];
  let found = known.get(field);
  for (let at = { record, field }; found === undefined;) {
    path.push(at.field);
    const read = valueOf(at.record, at.field);
    if (read === 'meta') found = true;
    else if (read === undefined) found = false;
    else if (read.record === root) found = read.field === version;
    else {
      found = known.get(read.field);
      at = read;
    }
  }
  for (const each of path) known.set(each, found);
  return found;
}

/** The field whose value another one takes as it is. */
function valueOf(
  record: RecordModel,
  { origin }: FieldModel,
): { readonly record: RecordModel; readonly field: FieldModel } | 'meta' | undefined {
  const value = origin.kind === 'computed' ? origin.value : undefined;
  if (value?.kind !== 'field' || value.target.kind !== 'slot') return undefined;
  const { type } = value.target.typed;
  if (type.kind !== 'record') return undefined;
  if (type.of === META) return 'meta';
  const read = value.target.slot === record.sources.length ? record : readRecord(record, value.target.slot);
  const field = read?.fields[value.index];
  return read === undefined || field === undefined ? undefined : { record: read, field };
}

function readRecord({ sources }: RecordModel, slot: number): RecordModel | undefined {
  const from = sources[slot]?.from;
  return from?.kind === 'record' ? from.record : undefined;
}
