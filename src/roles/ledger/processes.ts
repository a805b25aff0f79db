import type { Session } from '../../ports/store.ts';

/** A process that runs a role, as it tells of itself from time to time. */
export interface RoleProcess {
  /** A UUID. */
  readonly id: string;
  readonly pipeline: string;
  readonly role: string;
  /** The fingerprint of its program. */
  readonly program: string;
  /** Whether it works messages, and does not only accept them. */
  readonly consumes: boolean;
}

/** Processes of a pipeline that are alive, counted by role and program. */
export interface LiveProcesses {
  readonly role: string;
  readonly program: string;
  readonly consumes: boolean;
  readonly count: number;
}

/** Those who ended without a word are forgotten by whoever comes next. */
const BEAT = {
  name: 'nomnom_process_beat',
  text: `
WITH ended AS (DELETE FROM nomnom_processes WHERE seen_until < now() - interval '1 minute')
INSERT INTO nomnom_processes AS known (id, pipeline, role, fingerprint, consumes, seen_until)
VALUES ($1::uuid, $2, $3, $4, $5, now() + $6::float8 * interval '1 ms')
ON CONFLICT (id) DO UPDATE SET seen_until = excluded.seen_until`,
};

const FORGET = { text: `DELETE FROM nomnom_processes WHERE id = $1::uuid` };

const READ_LIVE = {
  name: 'nomnom_processes_live',
  text: `
SELECT role, fingerprint, consumes, count(*) AS n FROM nomnom_processes
WHERE pipeline = $1 AND seen_until > now() GROUP BY role, fingerprint, consumes ORDER BY role, fingerprint`,
};

/** The process is alive, and counts as alive for `lease` more milliseconds. */
export async function beat(session: Session, process: RoleProcess, lease: number): Promise<void> {
  const { id, pipeline, role, program, consumes } = process;
  await session.query({ ...BEAT, values: [id, pipeline, role, program, consumes, lease] });
}

/** The process ends. */
export async function forget(session: Session, { id }: RoleProcess): Promise<void> {
  await session.query({ ...FORGET, values: [id] });
}

export async function readLive(session: Session, pipeline: string): Promise<readonly LiveProcesses[]> {
  const { rows } = await session.query({ ...READ_LIVE, values: [pipeline] });
  return rows.map((row) => ({
    role: String(row['role']),
    program: String(row['fingerprint']),
    consumes: row['consumes'] === true,
    count: Number(row['n']),
  }));
}
