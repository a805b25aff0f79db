import type { EntityPlan, Plan, Row, TableWrites } from '../../plan/plan.ts';
import type { Span } from '../../text/source.ts';
import { referencesOf } from './references.ts';
import { emptyTables } from './tables.ts';

/** An accepted message of a test. */
export interface Message {
  readonly entity: EntityPlan;
  readonly writes: readonly TableWrites[];
  /** What to call it in a sentence. */
  readonly name: string;
  /** Of its `given`. */
  readonly span: Span;
}

/** A message that cannot be written as long as a reference has no parent. */
export interface Waiting {
  readonly message: Message;
  /** What the message does that cannot be, as the words behind "it". */
  readonly why: string;
}

/**
 * What a worker makes of the messages of one test. As there, a message without its parents is tried again after others
 * have come: nothing of it is written before that.
 */
export interface Worker {
  /** Writes the messages, those that wait after them. */
  readonly take: (messages: readonly Message[]) => void;
  /** The messages that still wait, in the order in which they came. */
  readonly waiting: () => readonly Waiting[];
  /** Tries those of one `given` no more. */
  readonly giveUp: (span: Span) => void;
  readonly rowsOf: (table: number) => readonly Row[];
  /** Tables that the rows of the test refer to while none of its messages can write them. */
  readonly unenforced: readonly string[];
}

/** For a test with messages of these entities. */
export function workerOf(plan: Plan, given: readonly EntityPlan[]): Worker {
  const references = referencesOf(plan, given);
  let tables = emptyTables(plan);
  let waiting: readonly Waiting[] = [];
  const written: Message[] = [];

  /** Writes a message; says why not where it cannot be written, and then leaves everything as it was. */
  const write = (message: Message): string | undefined => {
    const { entity, writes } = message;
    const missing = references.missing(writes, tables);
    if (missing !== undefined) return missing;
    const before = plan.tables.map((_table, at) => tables.rowsOf(at).length);
    tables.write(entity, writes);
    references.written(writes, tables, before);
    const orphaned = references.orphaned(writes, tables);
    if (orphaned === undefined) {
      written.push(message);
      return undefined;
    }
    // Tables only ever go forward.
    tables = emptyTables(plan);
    for (const each of written) tables.write(each.entity, each.writes);
    references.forget();
    return orphaned;
  };

  /** Gives those that could not be written. */
  const writeAll = (messages: readonly Message[]): readonly Waiting[] =>
    messages.flatMap((message) => {
      const why = write(message);
      return why === undefined ? [] : [{ message, why }];
    });

  return {
    take: (messages) => {
      const late = writeAll(messages);
      let next = [...waiting, ...late];
      do {
        waiting = next;
        next = [...writeAll(waiting.map(({ message }) => message))];
      } while (next.length < waiting.length);
      waiting = next;
    },
    waiting: () => waiting,
    giveUp: (span) => {
      waiting = waiting.filter(({ message }) => message.span !== span);
    },
    rowsOf: (table) => tables.rowsOf(table),
    unenforced: references.unenforced,
  };
}
