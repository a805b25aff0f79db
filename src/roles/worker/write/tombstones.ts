import type { Row, Statement, TablePlan } from '../../../plan/plan.ts';
import type { Query, Session } from '../../../ports/store.ts';
import type { Changes } from './changes.ts';
import { chosenLiterals } from './literals.ts';
import type { TableWriter } from './write-plan.ts';

/** Changes whose keys are held until the transaction ends, so that nobody else writes or deletes them meanwhile. */
export interface Held extends Pick<Changes, 'rows' | 'tombstones'> {
  /** What lost against a deletion that is remembered, or, being a deletion itself, against a row in the table. */
  readonly lost: readonly Row[];
  /** What must not stay remembered: `release` takes it out. */
  readonly passing: readonly Row[];
}

/**
 * Notes all keys in the memory of the table, and sets apart what is older than a deletion there, and deletions that are
 * older than a row in the table. For tables without a memory nothing is lost.
 */
export async function hold(session: Session, writer: TableWriter, changes: Changes): Promise<Held> {
  const { memory, table } = writer;
  const { rows, tombstones, all } = changes;
  if (memory === undefined || all.length === 0) return { rows, tombstones, lost: [], passing: [] };
  const ask = (statement: Statement, about: readonly Row[]): Promise<ReadonlySet<Row>> =>
    named(
      session,
      { text: statement.text, values: chosenLiterals(table.columns, versioned(table), about) },
      about,
    );
  const forgotten = await ask(memory.remember, all);
  const standing = without(tombstones, forgotten);
  const outdated = standing.length === 0 ? forgotten : await ask(memory.outdated, standing);
  const written = without(rows, forgotten);
  const beaten = standing.filter((row) => outdated.has(row));
  return {
    rows: written,
    tombstones: without(standing, outdated),
    lost: [...forgotten, ...beaten],
    passing: [...written, ...beaten],
  };
}

/** Once the rows are written, they say themselves which version they have. */
export async function release(
  session: Session,
  { memory, table }: TableWriter,
  { passing }: Held,
): Promise<void> {
  if (memory === undefined || passing.length === 0) return;
  await session.query({
    text: memory.forget.text,
    values: chosenLiterals(table.columns, table.upsert.key, passing),
  });
}

function versioned({ name, upsert: { key, action } }: TablePlan): readonly number[] {
  if (action.kind !== 'newest') throw new Error(`${name} has no versions to remember`);
  return [...key, action.by];
}

function without(rows: readonly Row[], some: ReadonlySet<Row>): readonly Row[] {
  return some.size === 0 ? rows : rows.filter((row) => !some.has(row));
}

/** The rows that a statement names by their ordinals, from 1, as `n`. */
async function named(session: Session, query: Query, rows: readonly Row[]): Promise<ReadonlySet<Row>> {
  const answer = await session.query(query);
  return new Set(answer.rows.flatMap(({ n }) => rows.slice(Number(n) - 1, Number(n))));
}
