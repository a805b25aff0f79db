import type { Row, TableWrites } from '../../../plan/plan.ts';
import { covers, outlists } from './covers.ts';
import type { Message } from '../message.ts';
import { mapKey, rowMapKey } from '../../../plan/row-key.ts';
import type { TableWriter, WritePlan } from '../write-plan.ts';

/*
 * A batch must leave what its messages would leave if they were applied one by one in the order of arrival. One
 * statement for each table does that for most combinations of messages; where it would not, the batch is split into
 * segments, which are written one after the other, each in a transaction of its own (apply.ts says why). The rule:
 *
 * - Rows of one key collapse by the upsert's own rule (collapse.ts), which is what the upserts would do in turn. So do
 *   deletions where `newest by` decides and leaves tombstones (tombstones.ts).
 * - Decided messages (own row `newest by`), same key: one that is not newer than an earlier one is superseded. One that
 *   is newer takes the earlier one's place if it covers it (covers.ts): the earlier is superseded, unwritten. Else what
 *   the earlier one writes elsewhere would remain, so the newer begins a new segment.
 * - A table in which some entity's messages are decided, and which others write without being decided: both kinds never
 *   meet in a segment, since the order of the two decides who is superseded.
 * - `prune by`, a parent listed twice: the later list takes the earlier one's place if it outlists it (covers.ts); the
 *   earlier rows are not written. Else (keep, merge and add, whose result depends on what was deleted before; equal or
 *   falling versions) the later begins a new segment.
 * - A message stands alone in a segment if it deletes rows of a table without versions, if it writes or deletes several rows of
 *   its deciding table, if it writes a pruned table whose key lacks the pruned columns (one key could move between
 *   parents), or if a row has a parent that the message does not list.
 */
export interface Segment {
  readonly messages: readonly Message[];
  /** Lost against a later message of this segment or an earlier one. */
  readonly superseded: readonly Message[];
  /** Writes that a later list of the same parent has replaced. */
  readonly replaced: ReadonlySet<TableWrites>;
}

export function segments(write: WritePlan, messages: readonly Message[]): readonly Segment[] {
  const done: Segment[] = [];
  let draft = newDraft();
  for (const message of messages) {
    const alone = standsAlone(write, message);
    if (draft.messages.size > 0 && (alone || draft.closed || !admit(write, draft, message))) {
      done.push(finished(draft));
      draft = newDraft();
      admit(write, draft, message);
    } else if (draft.messages.size === 0) {
      admit(write, draft, message);
    }
    draft.closed = alone;
  }
  if (draft.messages.size > 0) done.push(finished(draft));
  return done;
}

interface Draft {
  readonly messages: Set<Message>;
  readonly superseded: Message[];
  readonly replaced: Set<TableWrites>;
  /** By deciding table and key: the newest message so far. */
  readonly deciders: Map<number, Map<unknown, Message>>;
  /** By pruned table and parent: who listed it last. */
  readonly listings: Map<number, Map<unknown, Listing>>;
  readonly intrudedTables: Set<number>;
  closed: boolean;
}

interface Listing {
  readonly message: Message;
  readonly writes: TableWrites;
}

function newDraft(): Draft {
  return {
    messages: new Set(),
    superseded: [],
    replaced: new Set(),
    deciders: new Map(),
    listings: new Map(),
    intrudedTables: new Set(),
    closed: false,
  };
}

function finished(draft: Draft): Segment {
  return { messages: [...draft.messages], superseded: draft.superseded, replaced: draft.replaced };
}

/** Takes the message in, or gives false and changes nothing where it must begin a new segment. */
function admit(write: WritePlan, draft: Draft, message: Message): boolean {
  const entity = write.entities.get(message.entity.name);
  if (entity === undefined) throw new Error(`the plan has no entity ${message.entity.name}`);
  const { decidedIn, intrudesIn } = entity;
  if (decidedIn !== undefined && draft.intrudedTables.has(decidedIn)) return false;
  if (intrudesIn.some((table) => draft.deciders.has(table))) return false;

  let loser: Message | undefined;
  if (decidedIn !== undefined && message.root !== undefined) {
    const rival = draft.deciders.get(decidedIn)?.get(rootKey(write, decidedIn, message.root));
    if (rival?.root !== undefined) {
      if (!isNewer(write, decidedIn, message.root, rival.root)) {
        draft.superseded.push(message);
        return true;
      }
      if (!covers(write, message, rival)) return false;
      loser = rival;
    }
  }
  const replaced = outlistedBy(write, draft, message, loser);
  if (replaced === undefined) return false;

  if (loser !== undefined) {
    draft.messages.delete(loser);
    draft.superseded.push(loser);
  }
  for (const writes of replaced) draft.replaced.add(writes);
  for (const table of intrudesIn) draft.intrudedTables.add(table);
  if (decidedIn !== undefined && message.root !== undefined) {
    entry(draft.deciders, decidedIn).set(rootKey(write, decidedIn, message.root), message);
  }
  for (const writes of message.writes) {
    for (const parent of writes.parents) {
      entry(draft.listings, writes.table).set(mapKey(parent.key), { message, writes });
    }
  }
  draft.messages.add(message);
  return true;
}

/** The earlier lists that this message's lists replace; undefined where one of them must be written first. */
function outlistedBy(
  write: WritePlan,
  draft: Draft,
  message: Message,
  loser: Message | undefined,
): readonly TableWrites[] | undefined {
  const replaced: TableWrites[] = [];
  for (const writes of message.writes) {
    for (const parent of writes.parents) {
      const earlier = draft.listings.get(writes.table)?.get(mapKey(parent.key));
      if (earlier === undefined || earlier.message === loser) continue;
      const writer = write.tables[writes.table];
      if (writer === undefined || !outlists(writer, writes, earlier.writes)) return undefined;
      replaced.push(earlier.writes);
    }
  }
  return replaced;
}

function standsAlone(write: WritePlan, message: Message): boolean {
  const decidedIn = write.entities.get(message.entity.name)?.decidedIn;
  let decided = 0;
  for (const writes of message.writes) {
    const { rows, deletes = NO_ROWS } = writes;
    if (writes.table === decidedIn) {
      decided += 1;
      if (decided > 1 || rows.length + deletes.length > 1) return true;
    }
    const writer = write.tables[writes.table];
    if (deletes.length > 0 && writer?.table.delete?.tombstones === undefined) return true;
    if (writer?.table.prune === undefined) continue;
    const { prune, upsert } = writer.table;
    const keyed = prune.columns.every((column) => upsert.key.includes(column));
    const { parents } = writes;
    if (!keyed || !allListed(rows, parents, prune.columns) || !allListed(deletes, parents, prune.columns))
      return true;
  }
  return false;
}

const NO_ROWS: readonly Row[] = [];

/** Whether each row's parent is one that the message lists. */
export function allListed(
  rows: readonly Row[],
  parents: TableWrites['parents'],
  columns: readonly number[],
): boolean {
  const [only] = parents;
  if (only !== undefined && parents.length === 1) {
    for (const row of rows)
      for (let at = 0; at < columns.length; at += 1)
        if (row[columns[at] as number] !== only.key[at]) return false;
    return true;
  }
  const listed = new Set(parents.map((parent) => mapKey(parent.key)));
  return rows.every((row) => listed.has(rowMapKey(row, columns)));
}

function rootKey(write: WritePlan, table: number, root: Row): unknown {
  return rowMapKey(root, write.tables[table]?.table.upsert.key ?? []);
}

function isNewer(write: WritePlan, table: number, row: Row, than: Row): boolean {
  const writer: TableWriter | undefined = write.tables[table];
  const action = writer?.table.upsert.action;
  if (writer === undefined || action?.kind !== 'newest') throw new Error('only newest by decides messages');
  return (writer.table.columns[action.by]?.compare(row[action.by] ?? null, than[action.by] ?? null) ?? 0) > 0;
}

function entry<K, T>(maps: Map<number, Map<K, T>>, table: number): Map<K, T> {
  const known = maps.get(table);
  if (known !== undefined) return known;
  const made = new Map<K, T>();
  maps.set(table, made);
  return made;
}
