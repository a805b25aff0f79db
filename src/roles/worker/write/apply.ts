import type { Session, Store } from '../../../ports/store.ts';
import { entryOf } from '../entry-of.ts';
import type { Message } from '../message.ts';
import { type Segment, segments } from './segments.ts';
import type { WritePlan } from '../write-plan.ts';
import { packSegment, type PackedTable } from './pack-segment.ts';
import { writeSegment } from './write-segment.ts';

/** What became of messages, each in one of the lists. */
export interface Applied {
  readonly applied: readonly Message[];
  readonly superseded: readonly Message[];
  /** Settled by an earlier transaction; nothing was done now. */
  readonly settled: readonly Message[];
}

/** What one transaction writes: a segment and its messages, those included that lose within it. */
export interface Part {
  readonly messages: readonly Message[];
  readonly segment: Segment;
}

/**
 * The transactions that write these messages, which come in the order of arrival and each id once; to be written in order.
 *
 * One transaction locks the rows of a table once, in the order of their keys, so that two never wait for each other in a
 * circle. With several segments in one it would lock them in several passes, and three workers on a backlog of versions
 * of the same keys spent their time in deadlocks.
 */
export function partsOf(write: WritePlan, messages: readonly Message[]): readonly Part[] {
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
 * Writes a part in one transaction: rows packed → claim → upserts, table by table → prunes and deletions → statuses → COMMIT. Rejects with
 * a `Failure`.
 *
 * A message that turns out to be superseded after rows of it were written begins the transaction anew without it. A
 * message once lost stays lost, so that ends.
 */
export async function applyPart(store: Store, write: WritePlan, part: Part): Promise<Applied> {
  const lost = new Set<Message>();
  for (;;) {
    try {
      const packed = packSegment(store.writer, write, part.segment);
      // Packed, they are not needed unless something goes another way.
      if (part.segment.replaced.size === 0 && packed.every(({ kept }) => kept === undefined))
        for (const message of part.messages) message.dropRows();
      return await store.transaction((session) => applyIn(session, write, { ...part, packed }, lost));
    } catch (error) {
      if (!(error instanceof LostTooLate)) throw error;
      for (const message of error.losers) lost.add(message);
    }
  }
}

/** Rolls back a transaction: only a rejection does. */
class LostTooLate extends Error {
  readonly losers: readonly Message[];

  constructor(losers: readonly Message[]) {
    super('rows of superseded messages were written');
    this.losers = losers;
  }
}

interface PackedPart extends Part {
  readonly packed: readonly PackedTable[];
}

async function applyIn(
  { ledger, writer }: Session,
  write: WritePlan,
  { messages, segment: whole, packed: wholePacked }: PackedPart,
  lost: ReadonlySet<Message>,
): Promise<Applied> {
  const claimed = await ledger.claim(messages.map((message) => entryOf(write.plan, message.delivery)));
  const open = messages.filter((message) => claimed.has(message.delivery.messageId));
  const rest = open.filter((message) => !lost.has(message));
  let superseded: ReadonlySet<Message> = new Set(open.filter((message) => lost.has(message)));
  for (const segment of rest.length === messages.length ? [whole] : segments(write, rest)) {
    const packed = segment === whole ? wholePacked : packSegment(writer, write, segment);
    const outcome = await writeSegment(writer, write, segment, packed);
    if (outcome.kind === 'lost-too-late') throw new LostTooLate(outcome.losers);
    superseded = superseded.union(new Set(segment.superseded)).union(outcome.superseded);
  }
  await ledger.markSuperseded([...superseded].map((message) => message.delivery.messageId));
  return {
    applied: open.filter((message) => !superseded.has(message)),
    superseded: [...superseded],
    settled:
      open.length === messages.length
        ? []
        : messages.filter((message) => !claimed.has(message.delivery.messageId)),
  };
}
