import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { StoreTree } from '../../syntax/store-tree.ts';
import type { SpreadTree } from '../../syntax/tree.ts';
import type { Span } from '../../text/source.ts';
import { MISPLACED_DECLARATION } from '../codes/codes.ts';
import type { RecordTree } from '../program.ts';
import { tableName } from '../table-name.ts';

/** A store as it is declared, with the names of the records whose rows it takes. */
export interface DeclaredStore {
  /** Who declares it; the store of a shape is shared by all that spread the shape. */
  readonly owner: string;
  readonly tree: StoreTree;
  /** In the order of their declaration. */
  readonly writers: readonly string[];
}

type Records = ReadonlyMap<string, RecordTree>;

/** Every declared store; each record has one store at most, its own or that of a shape that it spreads. */
export function declaredStores(records: Records, report: Report): readonly DeclaredStore[] {
  const own = new Map<string, StoreTree>();
  for (const [name, record] of records) {
    const [tree, second] = storeTrees(record);
    if (tree !== undefined) own.set(name, tree);
    if (tree === undefined || second === undefined || record.broken) continue;
    report(
      finding(MISPLACED_DECLARATION, second.table.span, `${name} has a second store`, {
        related: [{ span: tree.table.span, text: 'the first' }],
      }),
    );
  }
  const writers = new Map<StoreTree, string[]>();
  for (const [writer, record] of records) {
    if (record.kind === 'shape') continue;
    const tree = own.get(writer) ?? sharedStore(record, records, own, report);
    const others = tree && writers.get(tree);
    if (others !== undefined) others.push(writer);
    else if (tree !== undefined) writers.set(tree, [writer]);
  }
  return [...own].map(([owner, tree]) => ({ owner, tree, writers: writers.get(tree) ?? [] }));
}

export function storeTrees(record: RecordTree): readonly StoreTree[] {
  return record.members.filter((member) => member.kind === 'store');
}

function spreadsOf(record: RecordTree): readonly SpreadTree[] {
  return record.members.filter((member) => member.kind === 'spread');
}

/** The store of a shape that the record spreads, directly or inside another shape. */
function sharedStore(
  record: RecordTree,
  records: Records,
  own: ReadonlyMap<string, StoreTree>,
  report: Report,
): StoreTree | undefined {
  const found: { readonly store: StoreTree; readonly span: Span }[] = [];
  // Each shape once, and without recursion: shapes can spread each other in long chains and circles.
  const seen = new Set<RecordTree>([record]);
  const open = spreadsOf(record).map((member) => ({ shape: member.name.text, span: member.span }));
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { span } = next;
    const shape = records.get(next.shape);
    if (shape?.kind !== 'shape' || seen.has(shape)) continue;
    seen.add(shape);
    const store = own.get(shape.name.text);
    if (store !== undefined) found.push({ store, span });
    open.unshift(...spreadsOf(shape).map((member) => ({ shape: member.name.text, span })));
  }
  const [first, second] = found;
  if (first !== undefined && second !== undefined && !record.broken)
    report(
      finding(
        MISPLACED_DECLARATION,
        second.span,
        `${record.name.text} spreads two shapes with a store, ${nameOf(first.store)} and ${nameOf(second.store)}`,
        { related: [{ span: first.span, text: 'the first' }] },
      ),
    );
  return first?.store;
}

function nameOf({ schema, table }: StoreTree): string {
  return tableName({ schema: schema?.text, table: table.text });
}
