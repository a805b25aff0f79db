import type { PruneParent, Row } from '../../../plan/plan.ts';
import type { Writer } from '../../../ports/writer.ts';
import type { Message } from '../message.ts';
import type { WritePlan } from '../write-plan.ts';
import { packSegment, type PackedTable, sendersOf } from './pack-segment.ts';
import type { Segment } from './segments.ts';
import { hold, release } from './tombstones.ts';

/** What became of a segment within its transaction. */
export type SegmentOutcome =
  /** The messages that lost now. */
  | { readonly kind: 'written'; readonly superseded: ReadonlySet<Message> }
  /** Rows of messages that lost are written already: the transaction must not commit. */
  | { readonly kind: 'lost-too-late'; readonly losers: readonly Message[] };

/** Writes what a segment changes, table by table; then prunes and deletes, children before parents. */
export async function writeSegment(
  writer: Writer,
  write: WritePlan,
  segment: Segment,
  packed: readonly PackedTable[],
): Promise<SegmentOutcome> {
  let tables = packed;
  const superseded = new Set<Message>();
  const written: Written[] = [];
  const fresh = new Map<number, ReadonlySet<Message>>();
  for (let at = 0; at < tables.length; at += 1) {
    const table = tables[at] as PackedTable;
    const outcome = await writeTable(writer, table, fresh);
    written.push(outcome);
    fresh.set(table.rules.index, outcome.fresh);
    const { losers } = outcome;
    if (losers.length === 0) continue;
    // A loser's rows are in the way where they are written already, or where an earlier list made room for its own.
    const before = new Set(tables.slice(0, at).map(({ rules }) => rules.index));
    const late = losers.some(
      (message) => writesTo(message, before) || writesSeveral(message, table.rules.index),
    );
    if (late || segment.replaced.size > 0) return { kind: 'lost-too-late', losers };
    for (const message of losers) superseded.add(message);
    tables = [...tables.slice(0, at), ...packSegment(writer, write, segment, superseded, at)];
  }
  for (const [at, table] of [...tables.entries()].toReversed()) {
    const parents = parentsWithRows(table, fresh);
    if (parents.length > 0) await writer.prune(parents, table.rows);
    await writer.delete(table.rules.table, written[at]?.deletions ?? []);
  }
  return { kind: 'written', superseded };
}

const NOBODY: ReadonlySet<Message> = new Set();

/** By table, the messages whose own row this transaction inserted. */
type Fresh = ReadonlyMap<number, ReadonlySet<Message>>;

/** What came of one table. */
interface Written {
  readonly losers: readonly Message[];
  /** The messages whose own row was inserted. */
  readonly fresh: ReadonlySet<Message>;
  /** What is to be deleted. */
  readonly deletions: readonly Row[];
}

/** Writes what is not too late. Where nothing is decided, rows that lose in the table itself are not told apart. */
async function writeTable(writer: Writer, packed: PackedTable, fresh: Fresh): Promise<Written> {
  const { rules, kept, decides } = packed;
  if (kept === undefined || rules.table.delete?.tombstones === undefined)
    return { ...(await upsert(writer, packed, fresh)), deletions: kept?.changes.deletions ?? [] };
  const held = await hold(writer, rules.table, kept.changes);
  const whose = (rows: readonly Row[]) => (decides ? sendersOf(rules, kept.from, rows) : []);
  const rows = writer.pack(rules.table, held.rows);
  const outcome = await upsert(writer, { ...packed, rows, senders: whose(held.rows) }, fresh);
  await release(writer, rules.table, held);
  const beaten = whose(held.lost);
  return {
    losers: [...beaten.filter((message) => message !== undefined), ...outcome.losers],
    fresh: outcome.fresh,
    deletions: held.deletions,
  };
}

async function upsert(
  writer: Writer,
  packed: PackedTable,
  fresh: Fresh,
): Promise<Pick<Written, 'losers' | 'fresh'>> {
  const { decides, rows, senders } = packed;
  if (!decides) {
    await (areNew(packed, fresh) ? writer.insertNew(rows) : writer.upsert(rows));
    return { losers: [], fresh: NOBODY };
  }
  const { lost, known } = await writer.upsertDeciding(rows);
  const inserted = new Set<Message | undefined>(known === 'all' ? [] : senders);
  if (known !== 'all') for (const place of known) inserted.delete(senders[place]);
  return {
    losers: lost.flatMap((place) => senders[place] ?? []),
    fresh: inserted as ReadonlySet<Message>,
  };
}

/** Whether this transaction inserted the parents of all rows: the table has none of their keys. */
function areNew(packed: PackedTable, fresh: Fresh): boolean {
  return packed.listed && packed.parents.length > 0 && parentsWithRows(packed, fresh).length === 0;
}

/** Listed parents but those that this transaction inserted: a foreign key says that the table had no rows of theirs. */
function parentsWithRows(
  { rules: { owner }, parents, owners }: PackedTable,
  fresh: Fresh,
): readonly PruneParent[] {
  const inserted = owner === undefined ? undefined : fresh.get(owner.table);
  if (inserted === undefined || inserted.size === 0) return parents;
  return parents.filter((_, at) => {
    const message = owners[at];
    return message === undefined || !inserted.has(message);
  });
}

function writesTo(message: Message, tables: ReadonlySet<number>): boolean {
  return tables.size > 0 && message.writes.some(({ table }) => tables.has(table));
}

function writesSeveral(message: Message, table: number): boolean {
  let rows = 0;
  for (const writes of message.writes)
    if (writes.table === table) rows += writes.rows.length + (writes.deletes?.length ?? 0);
  return rows > 1;
}
