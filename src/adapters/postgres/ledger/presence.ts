import type { PendingMigration } from '../../../ports/ledger.ts';
import type { KnownProgram, Processes, Program, ProgramRegistry } from '../../../ports/presence.ts';
import { jsonText } from '../../../sql/postgres/ledger/json-text.ts';
import { KNOWS_PROCESSES } from '../../../sql/postgres/ledger/migrations.ts';
import { BEAT, FORGET_PROCESS, READ_LIVE } from '../../../sql/postgres/ledger/processes.ts';
import {
  ACTIVATE,
  IS_REGISTERED,
  LOCK_PROGRAMS,
  READ_PROGRAMS,
} from '../../../sql/postgres/ledger/programs.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';

export function processesOver(
  sql: SqlSession,
  pendingMigrations: () => Promise<readonly PendingMigration[]>,
): Processes {
  return {
    async recorded() {
      return !(await pendingMigrations()).some(({ number }) => number === KNOWS_PROCESSES);
    },
    async beat({ id, pipeline, role, program, consumes }, lease, waits) {
      await sql.query({
        ...BEAT,
        values: [id, pipeline, role, program, consumes, lease, waits ?? null],
      });
    },
    async forget(id) {
      await sql.query({ ...FORGET_PROCESS, values: [id] });
    },
    async live(pipeline) {
      const { rows } = await sql.query({ ...READ_LIVE, values: [pipeline] });
      return rows.map((row) => ({
        role: String(row['role']),
        program: String(row['fingerprint']),
        consumes: row['consumes'] === true,
        count: Number(row['n']),
        left: Number(row['left_ms']),
        waits: JSON.parse(String(row['waits'])) as readonly string[],
      }));
    },
  };
}

export function programsOver(sql: SqlSession): ProgramRegistry {
  return {
    activate: (program) => activate(sql, program),
    async register(program) {
      const asked = { ...IS_REGISTERED, values: [program.pipeline, program.fingerprint] };
      if ((await sql.query(asked)).rowCount > 0) return;
      await sql.query(LOCK_PROGRAMS);
      if ((await sql.query(asked)).rowCount === 0) await activate(sql, program);
    },
    async read(pipeline, after) {
      const { rows } = await sql.query({ ...READ_PROGRAMS, values: [pipeline, after] });
      return rows.map((row) => ({
        fingerprint: String(row['fingerprint']),
        entities: JSON.parse(String(row['entities'])) as KnownProgram['entities'],
        tables: JSON.parse(String(row['tables'])) as KnownProgram['tables'],
        number: Number(row['number']),
        activatedAt: Number(row['activated_ms']),
      }));
    },
  };
}

async function activate(
  sql: SqlSession,
  { pipeline, fingerprint, entities, tables }: Program,
): Promise<void> {
  await sql.query(LOCK_PROGRAMS);
  await sql.query({ ...ACTIVATE, values: [pipeline, fingerprint, jsonText(entities), jsonText(tables)] });
}
