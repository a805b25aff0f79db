import type { PruneParent, Row, TableWrites } from '../../../plan/plan.ts';
import type { PackedRows, Writer } from '../../../ports/writer.ts';
import type { Message } from '../message.ts';
import type { TableWriter, WritePlan } from '../write-plan.ts';
import { type Changes, changesOf } from './changes.ts';
import { allListed, type Segment } from './segments.ts';

/** What a segment writes to one table. */
export interface PackedTable {
  readonly rules: TableWriter;
  /** Whether messages are decided here. */
  readonly decides: boolean;
  readonly rows: PackedRows;
  /** Where messages are decided: whose row each is. */
  readonly senders: readonly (Message | undefined)[];
  readonly parents: readonly PruneParent[];
  /** For each parent the message, if any, whose own row must have been there already, or else the parent has no rows. */
  readonly owners: readonly (Message | undefined)[];
  /** Whether each row belongs to one of the parents. */
  readonly listed: boolean;
  /** For a table with `delete when`, which asks for the rows themselves, and who sends them. */
  readonly kept: { readonly changes: Changes; readonly from: readonly Message[] } | undefined;
}

/** What the messages of a segment write to one table, in the order of arrival. */
interface TableBatch {
  readonly writes: TableWrites[];
  readonly senders: Message[];
}

/** What a segment writes without the messages that are superseded, table by table, but for the first `skipped`. */
export function packSegment(
  writer: Pick<Writer, 'pack'>,
  write: WritePlan,
  segment: Segment,
  superseded: ReadonlySet<Message> = NOBODY,
  skipped = 0,
): readonly PackedTable[] {
  const batches = byTable(segment);
  return write.order
    .filter((index) => batches.has(index))
    .slice(skipped)
    .flatMap((index) => {
      const rules = write.tables[index];
      const batch = batches.get(index);
      if (rules === undefined || batch === undefined) return [];
      const remaining = without(batch, superseded);
      return [packTable(writer, write, rules, remaining, listsAll(segment, rules, remaining))];
    });
}

const NOBODY: ReadonlySet<Message> = new Set();

function packTable(
  writer: Pick<Writer, 'pack'>,
  write: WritePlan,
  rules: TableWriter,
  batch: TableBatch,
  listed: boolean,
): PackedTable {
  const { table } = rules;
  const decides = decidesHere(write, batch, rules.index);
  const changes = changesOf(rules, batch.writes);
  return {
    rules,
    decides,
    rows: writer.pack(table, changes.rows),
    senders: decides ? sendersOf(rules, batch.senders, changes.rows) : [],
    ...listedParents(rules, batch),
    listed,
    kept: table.delete === undefined ? undefined : { changes, from: batch.senders },
  };
}

/** For each row the message whose own row it is, or of whose own row it has the key. */
export function sendersOf(
  { compare }: TableWriter,
  senders: readonly Message[],
  rows: readonly Row[],
): readonly (Message | undefined)[] {
  if (rows.length === senders.length && rows.every((row, at) => senders[at]?.root === row)) return senders;
  const byRoot = new Map<Row, Message>();
  for (const sender of senders) if (sender.root !== undefined) byRoot.set(sender.root, sender);
  return rows.map((row) => {
    const direct = byRoot.get(row);
    if (direct !== undefined) return direct;
    // The row may be another one of the same message, of the same key but newer.
    for (const [root, message] of byRoot) if (compare(root, row) === 0) return message;
    return undefined;
  });
}

/** The parents whose rows messages list completely. */
function listedParents(
  { owner }: TableWriter,
  { writes, senders }: TableBatch,
): Pick<PackedTable, 'parents' | 'owners'> {
  const parents: PruneParent[] = [];
  const owners: (Message | undefined)[] = [];
  for (let at = 0; at < writes.length; at += 1) {
    for (const parent of writes[at]?.parents ?? []) {
      const root = senders[at]?.root;
      const owns =
        owner !== undefined &&
        root !== undefined &&
        owner.columns.every((column, place) => root[column] === parent.key[place]);
      parents.push(parent);
      owners.push(owns ? senders[at] : undefined);
    }
  }
  return { parents, owners };
}

/** Messages with rows of parents that they do not list stand alone in their segment. */
function listsAll({ messages }: Segment, { table: { prune } }: TableWriter, { writes }: TableBatch): boolean {
  if (prune === undefined) return false;
  return messages.length > 1 || writes.every(({ rows, parents }) => allListed(rows, parents, prune.columns));
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

function without({ writes, senders }: TableBatch, superseded: ReadonlySet<Message>): TableBatch {
  if (superseded.size === 0) return { writes, senders };
  const remains = (sender: Message | undefined): boolean => sender !== undefined && !superseded.has(sender);
  return { writes: writes.filter((_, at) => remains(senders[at])), senders: senders.filter(remains) };
}

/** Segments never mix messages that are decided in a table with others that write it. */
function decidesHere(write: WritePlan, batch: TableBatch, table: number): boolean {
  return batch.senders.some(
    (sender) => sender.root !== undefined && write.entities.get(sender.entity.name)?.decidedIn === table,
  );
}
