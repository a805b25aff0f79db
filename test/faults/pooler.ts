import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { findUser, isRoot } from '../support/process.ts';
import { faulty, type FaultyServer } from './faulty.ts';
import { lastingPort } from './lasting-port.ts';

/** After a failed login PgBouncer refuses everybody for 15 s by default, which is longer than our outages. */
const SETTINGS = ['server_login_retry = 1'];

/** A PgBouncer in front of a Postgres, which pools transactions for every database of it. */
export async function startPooler(postgresUrl: string): Promise<FaultyServer> {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-faults-pooler-'));
  const user = isRoot() ? findUser(['postgres', 'nobody']) : undefined;
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const port = await lastingPort();
  const pidFile = join(folder, 'pid');
  return faulty(folder, {
    start: () => {
      // One that was killed leaves it behind, and the next would take its word for it.
      rmSync(pidFile, { force: true });
      return startPgBouncer({ postgresUrl, poolMode: 'transaction', port, pidFile, settings: SETTINGS });
    },
    kill: () => process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL'),
    missing: 'install PgBouncer (Debian: apt-get install pgbouncer)',
  });
}
