import type { Row, TablePlan, TableWrites } from '../../../plan/plan.ts';
import type { Session, Store } from '../../../ports/store.ts';
import type { Writer } from '../../../ports/writer.ts';
import { claim } from '../../ledger/claim.ts';
import { markSuperseded } from '../../ledger/mark-superseded.ts';
import { type Changes, changesOf } from './changes.ts';
import { entryOf } from '../receive/entry-of.ts';
import { hold, release } from './tombstones.ts';
import type { Message } from '../receive/message.ts';
import { type Segment, segments } from './segments.ts';
import type { TableWriter, WritePlan } from './write-plan.ts';

/** What became of messages, each in one of the lists. */
export interface Applied {
  readonly applied: readonly Message[];
  readonly superseded: readonly Message[];
  /** Settled by an earlier transaction; nothing was done now. */
  readonly settled: readonly Message[];
}

/** What is committed so far, by message. */
export type Progress = Map<Message, keyof Applied>;

/**
 * Writes the messages, in the order of arrival and each id once, each segment in a transaction of its own: claim →
 * upserts, table by table → prunes and deletions → statuses → COMMIT. Rejects with a `Failure`; what was committed before
 * is noted in `progress`, and left out where the same is asked again.
 *
 * One transaction locks the rows of a table once, in the order of their keys, so that two never wait for each other in a
 * circle. With several segments in one it would lock them in several passes, and three workers on a backlog of versions
 * of the same keys spent their time in deadlocks.
 */
export async function apply(
  store: Store,
  write: WritePlan,
  messages: readonly Message[],
  progress: Progress = new Map(),
): Promise<Applied> {
  for (const part of partsOf(
    write,
    messages.filter((message) => !progress.has(message)),
  )) {
    const done = await applyPart(store, write, part);
    for (const message of done.applied) progress.set(message, 'applied');
    for (const message of done.superseded) progress.set(message, 'superseded');
    for (const message of done.settled) progress.set(message, 'settled');
  }
  return outcomeOf(progress);
}

export function outcomeOf(progress: Progress): Applied {
  const of = (what: keyof Applied): readonly Message[] =>
    [...progress].flatMap(([message, is]) => (is === what ? [message] : []));
  return { applied: of('applied'), superseded: of('superseded'), settled: of('settled') };
}

/** What one transaction writes: a segment and its messages, those included that lose within it. */
interface Part {
  readonly messages: readonly Message[];
  readonly segment: Segment;
}

function partsOf(write: WritePlan, messages: readonly Message[]): readonly Part[] {
  const found = segments(write, messages);
  const [only] = found;
  if (only !== undefined && found.length === 1) return [{ messages, segment: only }];
  const partOf = new Map<Message, Message[]>();
  const parts = found.map((segment) => {
    const part = { messages: new Array<Message>(), segment };
    for (const message of [...segment.messages, ...segment.superseded]) partOf.set(message, part.messages);
    return part;
  });
  for (const message of messages) partOf.get(message)?.push(message);
  return parts;
}

/**
 * A message that turns out to be superseded after rows of it were written begins the transaction anew without it. A
 * message once lost stays lost, so that ends.
 */
async function applyPart(store: Store, write: WritePlan, part: Part): Promise<Applied> {
  const lost = new Set<Message>();
  for (;;) {
    try {
      return await store.transaction((session) => applyIn(session, write, part, lost));
    } catch (error) {
      if (!(error instanceof LostTooLate)) throw error;
      for (const message of error.messages) lost.add(message);
    }
  }
}

/** Rolls back a transaction that has written rows of superseded messages. */
class LostTooLate extends Error {
  readonly messages: readonly Message[];

  constructor(messages: readonly Message[]) {
    super('rows of superseded messages were written');
    this.messages = messages;
  }
}

async function applyIn(
  session: Session,
  write: WritePlan,
  { messages, segment: whole }: Part,
  lost: ReadonlySet<Message>,
): Promise<Applied> {
  const claimed = await claim(
    session,
    messages.map((message) => entryOf(write.plan, message.delivery)),
  );
  const open = messages.filter((message) => claimed.has(message.delivery.messageId));
  const superseded = new Set(open.filter((message) => lost.has(message)));
  const rest = open.filter((message) => !lost.has(message));
  for (const segment of rest.length === messages.length ? [whole] : segments(write, rest)) {
    for (const message of segment.superseded) superseded.add(message);
    await writeSegment(session, write, segment, superseded);
  }
  await markSuperseded(
    session,
    [...superseded].map((message) => message.delivery.messageId),
  );
  return {
    applied: open.filter((message) => !superseded.has(message)),
    superseded: [...superseded],
    settled:
      open.length === messages.length
        ? []
        : messages.filter((message) => !claimed.has(message.delivery.messageId)),
  };
}

/** What the messages of a segment write to one table, in the order of arrival. */
interface TableBatch {
  readonly writes: TableWrites[];
  readonly senders: Message[];
}

async function writeSegment(
  session: Session,
  write: WritePlan,
  segment: Segment,
  superseded: Set<Message>,
): Promise<void> {
  const batches = byTable(segment);
  const cleared: Cleared[] = [];
  const started = new Set<Message>();
  for (const index of write.order) {
    const batch = batches.get(index);
    const writer = write.tables[index];
    if (batch === undefined || writer === undefined) continue;
    const decides = decidesHere(write, batch, index);
    let changes = changesOf(writer, remaining(batch, superseded));
    const { lost, deletions } = await writeTable(session.writer, writer.table, changes, decides);
    if (decides && lost.length > 0) {
      const losers = sendersOf(writer, batch, lost);
      // A loser's rows are in the way where they are written already, or where an earlier list made room for its own.
      const late = losers.some((message) => started.has(message) || writesSeveral(message, index));
      if (late || segment.replaced.size > 0) throw new LostTooLate(losers);
      for (const message of losers) superseded.add(message);
      changes = changesOf(writer, remaining(batch, superseded));
    }
    if (isCleared(writer)) cleared.push({ writer, batch, listed: changes.rows, deletions });
    for (const message of batch.senders) started.add(message);
  }
  // Children before parents.
  for (const { writer, batch, listed, deletions } of cleared.toReversed()) {
    const parents = remaining(batch, superseded).flatMap((writes) => writes.parents);
    await session.writer.prune(writer.table, parents, listed);
    await session.writer.delete(writer.table, deletions);
  }
}

/** A table of which rows are taken away once all rows are written. */
interface Cleared {
  readonly writer: TableWriter;
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
): Promise<{ readonly lost: readonly Row[]; readonly deletions: readonly Row[] }> {
  const held = await hold(writer, table, changes);
  const { rows, deletions, lost } = held;
  let beaten: readonly Row[] = [];
  if (decides) beaten = await writer.upsertDeciding(table, rows);
  else await writer.upsert(table, rows);
  await release(writer, table, held);
  return { lost: [...lost, ...beaten], deletions };
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
function sendersOf(writer: TableWriter, batch: TableBatch, rows: readonly Row[]): readonly Message[] {
  const byRoot = new Map<Row, Message>();
  for (const sender of batch.senders) if (sender.root !== undefined) byRoot.set(sender.root, sender);
  return rows.flatMap((row) => senderOf(writer, byRoot, row) ?? []);
}

/** The row may be another one of the same message, of the same key but newer. */
function senderOf(writer: TableWriter, byRoot: ReadonlyMap<Row, Message>, row: Row): Message | undefined {
  const direct = byRoot.get(row);
  if (direct !== undefined) return direct;
  for (const [root, message] of byRoot) if (writer.compare(root, row) === 0) return message;
  return undefined;
}
