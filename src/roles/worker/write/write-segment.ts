import type { PruneParent, Row, TablePlan, TableWrites } from '../../../plan/plan.ts';
import type { Decided, Writer } from '../../../ports/writer.ts';
import type { Message } from '../message.ts';
import { type Changes, changesOf } from './changes.ts';
import type { Segment } from './segments.ts';
import { hold, release } from './tombstones.ts';
import type { TableWriter, WritePlan } from '../write-plan.ts';

/** What the messages of a segment write to one table, in the order of arrival. */
interface TableBatch {
  readonly writes: TableWrites[];
  readonly senders: Message[];
}

/** What became of a segment within its transaction. */
export type SegmentOutcome =
  /** The messages that lost, these included that lost before. */
  | { readonly kind: 'written'; readonly superseded: ReadonlySet<Message> }
  /** Rows of messages that lost are written already: the transaction must not commit. */
  | { readonly kind: 'lost-too-late'; readonly losers: readonly Message[] };

/**
 * Writes what a segment changes, table by table; then prunes and deletes, children before parents. `before` are the
 * messages that have lost already.
 */
export async function writeSegment(
  writer: Writer,
  write: WritePlan,
  segment: Segment,
  before: ReadonlySet<Message>,
): Promise<SegmentOutcome> {
  const batches = byTable(segment);
  const superseded = new Set(before);
  const cleared: Cleared[] = [];
  const started = new Set<Message>();
  const inserted = new Map<number, ReadonlySet<Row>>();
  for (const index of write.order) {
    const batch = batches.get(index);
    const rules = write.tables[index];
    if (batch === undefined || rules === undefined) continue;
    const decides = decidesHere(write, batch, index);
    let changes = changesOf(rules, remaining(batch, superseded));
    const written = await writeTable(writer, rules.table, changes, decides);
    const { lost, deletions } = written;
    if (decides) inserted.set(index, new Set(written.inserted));
    if (decides && lost.length > 0) {
      const losers = sendersOf(rules, batch, lost);
      // A loser's rows are in the way where they are written already, or where an earlier list made room for its own.
      const late = losers.some((message) => started.has(message) || writesSeveral(message, index));
      if (late || segment.replaced.size > 0) return { kind: 'lost-too-late', losers };
      for (const message of losers) superseded.add(message);
      changes = changesOf(rules, remaining(batch, superseded));
    }
    if (isCleared(rules)) cleared.push({ rules, batch, listed: changes.rows, deletions });
    for (const message of batch.senders) started.add(message);
  }
  for (const { rules, batch, listed, deletions } of cleared.toReversed()) {
    const parents = listedParents(rules, batch, superseded, inserted);
    if (parents.length > 0) await writer.prune(rules.table, parents, listed);
    await writer.delete(rules.table, deletions);
  }
  return { kind: 'written', superseded };
}

/** A table of which rows are taken away once all rows are written. */
interface Cleared {
  readonly rules: TableWriter;
  readonly batch: TableBatch;
  /** What `prune by` leaves alone. */
  readonly listed: readonly Row[];
  /** What is to be deleted. */
  readonly deletions: readonly Row[];
}

/**
 * Writes what is not too late; gives what lost, and what is to be deleted. Where nothing is decided, rows that lose in
 * the table itself are not told apart.
 */
async function writeTable(
  writer: Writer,
  table: TablePlan,
  changes: Changes,
  decides: boolean,
): Promise<Decided & { readonly deletions: readonly Row[] }> {
  const held = await hold(writer, table, changes);
  const { rows, deletions, lost } = held;
  let decided: Decided = UNDECIDED;
  if (decides) decided = await writer.upsertDeciding(table, rows);
  else await writer.upsert(table, rows);
  await release(writer, table, held);
  return { lost: [...lost, ...decided.lost], inserted: decided.inserted, deletions };
}

const UNDECIDED: Decided = { lost: [], inserted: [] };

/**
 * The parents whose rows messages list completely, but those that this transaction inserted: a foreign key says that the
 * table had no rows of theirs.
 */
function listedParents(
  { owner }: TableWriter,
  { writes, senders }: TableBatch,
  superseded: ReadonlySet<Message>,
  inserted: ReadonlyMap<number, ReadonlySet<Row>>,
): readonly PruneParent[] {
  const fresh = owner === undefined ? undefined : inserted.get(owner.table);
  return writes.flatMap(({ parents }, at) => {
    const sender = senders[at];
    if (sender === undefined || superseded.has(sender)) return [];
    const { root } = sender;
    if (owner === undefined || root === undefined || fresh?.has(root) !== true) return parents;
    return parents.filter(({ key }) => owner.columns.some((column, place) => root[column] !== key[place]));
  });
}

/** Whether a message may take rows of the table away. */
function isCleared({ table }: TableWriter): boolean {
  return table.prune !== undefined || table.delete !== undefined;
}

/** What messages that are not superseded write. */
function remaining(
  { writes, senders }: TableBatch,
  superseded: ReadonlySet<Message>,
): readonly TableWrites[] {
  return writes.filter((_, at) => {
    const sender = senders[at];
    return sender !== undefined && !superseded.has(sender);
  });
}

function byTable(segment: Segment): ReadonlyMap<number, TableBatch> {
  const batches = new Map<number, TableBatch>();
  for (const message of segment.messages) {
    for (const writes of message.writes) {
      if (segment.replaced.has(writes)) continue;
      let batch = batches.get(writes.table);
      if (batch === undefined) batches.set(writes.table, (batch = { writes: [], senders: [] }));
      batch.writes.push(writes);
      batch.senders.push(message);
    }
  }
  return batches;
}

/** Segments never mix messages that are decided in a table with others that write it. */
function decidesHere(write: WritePlan, batch: TableBatch, table: number): boolean {
  return batch.senders.some(
    (sender) => sender.root !== undefined && write.entities.get(sender.entity.name)?.decidedIn === table,
  );
}

function writesSeveral(message: Message, table: number): boolean {
  let rows = 0;
  for (const writes of message.writes)
    if (writes.table === table) rows += writes.rows.length + (writes.deletes?.length ?? 0);
  return rows > 1;
}

/** The messages whose rows these are. */
function sendersOf(rules: TableWriter, batch: TableBatch, rows: readonly Row[]): readonly Message[] {
  const byRoot = new Map<Row, Message>();
  for (const sender of batch.senders) if (sender.root !== undefined) byRoot.set(sender.root, sender);
  return rows.flatMap((row) => senderOf(rules, byRoot, row) ?? []);
}

/** The row may be another one of the same message, of the same key but newer. */
function senderOf(rules: TableWriter, byRoot: ReadonlyMap<Row, Message>, row: Row): Message | undefined {
  const direct = byRoot.get(row);
  if (direct !== undefined) return direct;
  for (const [root, message] of byRoot) if (rules.compare(root, row) === 0) return message;
  return undefined;
}
