import type { EntityPlan, Plan, Row, TableWrites } from '../../plan/plan.ts';
import type { Span } from '../../text/source.ts';
import { referencesOf } from './references.ts';
import { emptyTables } from './tables.ts';
import { uniquenessOf } from './uniqueness.ts';

/** An accepted message of a test. */
export interface Message {
  readonly entity: EntityPlan;
  readonly writes: readonly TableWrites[];
  /** What to call it in a sentence. */
  readonly name: string;
  /** Of its `given`. */
  readonly span: Span;
}

interface Fault {
  /** What the message does that cannot be, as the words behind "it". */
  readonly why: string;
  /** No other message can fix it. */
  readonly forGood: boolean;
}

/** A message that is not written: until a reference has its parent, or permanently. */
export interface Unwritten extends Fault {
  readonly message: Message;
}

/**
 * What a worker makes of the messages of one test. As there, a message without its parents is tried again after others
 * have come: nothing of it is written before that.
 */
export interface Worker {
  /** Writes the messages, those that wait after them; gives those that can never be written. */
  readonly take: (messages: readonly Message[]) => readonly Unwritten[];
  /** The messages that still wait, in the order in which they came. */
  readonly waiting: () => readonly Unwritten[];
  /** Tries those of one `given` no more. */
  readonly giveUp: (span: Span) => void;
  readonly rowsOf: (table: number) => readonly Row[];
  /** Tables that the rows of the test refer to while none of its messages can write them. */
  readonly unenforced: readonly string[];
}

/** For a test with messages of these entities. */
export function workerOf(plan: Plan, given: readonly EntityPlan[]): Worker {
  const begin = () => ({
    tables: emptyTables(plan),
    references: referencesOf(plan, given),
    uniqueness: uniquenessOf(plan),
  });
  let state = begin();
  let waiting: readonly Unwritten[] = [];
  const written: Message[] = [];

  /** Puts the rows of a message into the tables, whatever follows from that; says what is wrong with it. */
  const put = ({ entity, writes }: Message): Fault | undefined => {
    const { tables, references, uniqueness } = state;
    if (tables.isSuperseded(entity, writes)) return undefined;
    tables.write(entity, writes);
    const second = uniqueness.violated(writes, tables);
    if (second !== undefined) return { why: second, forGood: true };
    references.note(writes, tables);
    const orphaned = references.orphaned(writes, tables);
    return orphaned === undefined ? undefined : { why: orphaned, forGood: false };
  };

  /** Writes a message; where it cannot be written everything is as it was. */
  const write = (message: Message): Fault | undefined => {
    const { tables, references } = state;
    const isSuperseded = tables.isSuperseded(message.entity, message.writes);
    const missing = isSuperseded ? undefined : references.missing(message.writes, tables);
    if (missing !== undefined) return { why: missing, forGood: false };
    const fault = put(message);
    if (fault === undefined) written.push(message);
    else {
      // Tables only ever go forward.
      state = begin();
      written.forEach(put);
    }
    return fault;
  };

  /** Gives those that could not be written. */
  const writeAll = (messages: readonly Message[]): readonly Unwritten[] =>
    messages.flatMap((message) => {
      const fault = write(message);
      return fault === undefined ? [] : [{ message, ...fault }];
    });

  return {
    take: (messages) => {
      const tried = writeAll(messages);
      let next = [...waiting, ...tried.filter(({ forGood }) => !forGood)];
      do {
        waiting = next;
        next = [...writeAll(waiting.map(({ message }) => message))];
      } while (next.length < waiting.length);
      waiting = next;
      return tried.filter(({ forGood }) => forGood);
    },
    waiting: () => waiting,
    giveUp: (span) => {
      waiting = waiting.filter(({ message }) => message.span !== span);
    },
    rowsOf: (table) => state.tables.rowsOf(table),
    unenforced: state.references.unenforced,
  };
}
