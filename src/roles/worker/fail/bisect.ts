import type { Plan, Row, TablePlan } from '../../../plan/plan.ts';
import type { Failure, SqlFacts } from '../../../ports/failure.ts';
import { failedTable } from '../failed-table.ts';
import type { Message } from '../message.ts';

/** How many wrong hints are followed in one batch: halving is never wrong, and needs few transactions. */
const HINTS = 8;
/** More messages than these are no suspects. */
const SUSPECTS = 4;

/** What is left of them while one batch is searched for the messages at fault. */
export interface Hints {
  left: number;
  /** Messages of which a hint spoke. */
  readonly named: Set<Message>;
}

export function newHints(): Hints {
  return { left: HINTS, named: new Set() };
}

/** Notes that a message failed alone: a hint that was right is none that was lost. */
export function proveHint(hints: Hints | undefined, message: Message): void {
  if (hints?.named.delete(message) === true) hints.left += 1;
}

/**
 * Cuts refused messages, at least two, into smaller parts, in order: each that Postgres seems to speak of alone, else
 * two halves. All but a few messages then go through in two transactions, where halving takes one for each level.
 */
export function bisect(
  plan: Plan,
  failure: Failure,
  messages: readonly Message[],
  hints: Hints,
): readonly (readonly Message[])[] {
  const suspects = hints.left > 0 ? suspectsOf(plan, failure, messages) : [];
  if (suspects.length === 0 || suspects.length > SUSPECTS) {
    const middle = messages.length >> 1;
    return [messages.slice(0, middle), messages.slice(middle)];
  }
  hints.left -= 1;
  for (const suspect of suspects) hints.named.add(suspect);
  const parts: Message[][] = [[]];
  for (const message of messages) {
    if (suspects.includes(message)) parts.push([message], []);
    else parts.at(-1)?.push(message);
  }
  return parts.filter((part) => part.length > 0);
}

/** The messages with a row in the table of the failure whose values Postgres named. */
function suspectsOf(plan: Plan, { sql }: Failure, messages: readonly Message[]): readonly Message[] {
  const index = failedTable(plan, sql);
  const table = plan.tables[index];
  if (table === undefined || sql?.names === undefined) return [];
  const isNamed = namedRow(table, sql, sql.names);
  return messages.filter(({ writes }) =>
    writes.some((written) => written.table === index && written.rows.some(isNamed)),
  );
}

/** By the columns that the constraint is about, where they are known, else by those that tell rows apart. */
function namedRow(
  table: TablePlan,
  { constraint }: SqlFacts,
  names: (value: string) => boolean,
): (row: Row) => boolean {
  const declared = [...table.refs, ...table.constraints].find(({ name }) => name === constraint);
  const columns =
    declared === undefined
      ? table.upsert.key
      : declared.columns.map((column) => table.columns.findIndex(({ name }) => name === column));
  return (row) =>
    columns.every((column) => names(String(table.columns[column]?.toJson(row[column] ?? null))));
}
