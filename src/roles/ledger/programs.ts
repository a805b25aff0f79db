import type { Plan } from '../../plan/plan.ts';
import type { Session } from '../../ports/store.ts';
import { jsonText } from './json-text.ts';
import { shapeOf, type TableShape } from './table-shape.ts';

/** A program that was activated: applied, or started before anybody applied it. */
export interface KnownProgram {
  readonly fingerprint: string;
  /** By entity name, the fingerprint of its rules. */
  readonly entities: Readonly<Record<string, string>>;
  /** By its place in SQL, what the program writes into each table. */
  readonly tables: Readonly<Record<string, TableShape>>;
  /** Ascends in the order of activation; the highest is the program that is to run. */
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly activatedAt: number;
}

/** Of two who activate at once the second gets the higher number. Held until the transaction ends. */
const LOCK_PROGRAMS = { text: `SELECT pg_advisory_xact_lock(7305804402566197)` };

const ACTIVATE = {
  text: `
INSERT INTO nomnom_programs AS known (pipeline, fingerprint, entities, tables, number, activated_at)
SELECT $1, $2, $3::jsonb, $4::jsonb,
  (SELECT coalesce(max(number), 0) + 1 FROM nomnom_programs WHERE pipeline = $1), clock_timestamp()
ON CONFLICT (pipeline, fingerprint) DO UPDATE SET
  entities = excluded.entities, tables = excluded.tables, number = excluded.number, activated_at = excluded.activated_at
WHERE known.number < (SELECT max(number) FROM nomnom_programs WHERE pipeline = $1)`,
};

const IS_REGISTERED = {
  text: `SELECT FROM nomnom_programs WHERE pipeline = $1 AND fingerprint = $2`,
};

const READ_PROGRAMS = {
  text: `
SELECT fingerprint, entities::text AS entities, tables::text AS tables, number,
  (extract(epoch FROM activated_at) * 1000)::bigint AS activated_ms
FROM nomnom_programs WHERE pipeline = $1 AND number > $2`,
};

/**
 * Makes the plan's program the newest of its pipeline, also where it was active before: a rollback. Call it in a
 * transaction.
 */
export async function activate(session: Session, plan: Plan): Promise<void> {
  const { pipeline, program, entities } = plan;
  await session.query(LOCK_PROGRAMS);
  const fingerprints = Object.fromEntries(entities.map(({ name, fingerprint }) => [name, fingerprint]));
  await session.query({
    ...ACTIVATE,
    values: [pipeline, program, jsonText(fingerprints), jsonText(shapeOf(plan))],
  });
}

/** Activates the plan's program where nobody has heard of it yet. Call it in a transaction. */
export async function register(session: Session, plan: Plan): Promise<void> {
  const asked = { ...IS_REGISTERED, values: [plan.pipeline, plan.program] };
  if ((await session.query(asked)).rowCount > 0) return;
  await session.query(LOCK_PROGRAMS);
  if ((await session.query(asked)).rowCount === 0) await activate(session, plan);
}

/** The programs of the pipeline that were activated after the one of this number, in no order; all of them for 0. */
export async function readPrograms(
  session: Session,
  pipeline: string,
  after = 0,
): Promise<readonly KnownProgram[]> {
  const { rows } = await session.query({ ...READ_PROGRAMS, values: [pipeline, after] });
  return rows.map((row) => ({
    fingerprint: String(row['fingerprint']),
    entities: JSON.parse(String(row['entities'])) as KnownProgram['entities'],
    tables: JSON.parse(String(row['tables'])) as KnownProgram['tables'],
    number: Number(row['number']),
    activatedAt: Number(row['activated_ms']),
  }));
}
