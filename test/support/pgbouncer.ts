import { mkdtempSync, rmSync, writeFileSync, chownSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { atFreePort, findProgram, findUser, isRoot, type RunningServer, startGuarded } from './process.ts';
import { until } from './until.ts';

export type PoolMode = 'session' | 'transaction' | 'statement';

export interface PgBouncerOptions {
  /** The server behind it; the pooler passes every database of that server on under its own name. */
  readonly postgresUrl: string;
  readonly poolMode: PoolMode;
  /** Connections to Postgres for each database; 20 as PgBouncer's own default. */
  readonly poolSize?: number;
  /** A fixed port, for a test that ends the pooler and starts it again. */
  readonly port?: number;
  /** What cleans a connection of session pooling for its next client; none by default: the harder case. */
  readonly resetQuery?: string;
  /** Where it writes its process id, for a test that kills it; a folder that the user of the pooler may write to. */
  readonly pidFile?: string;
  /** Names and passwords of users that stay who they are; without them everybody is `postgresUrl`'s user. */
  readonly users?: Readonly<Record<string, string>>;
  /** Further settings, `name = value`. */
  readonly settings?: readonly string[];
}

/** A real PgBouncer of this machine. `url` is `postgresUrl` with the pooler's address. */
export async function startPgBouncer(options: PgBouncerOptions): Promise<RunningServer> {
  const program = findProgram('pgbouncer', ['/usr/sbin']);
  if (program === undefined) throw new Error('the tests need PgBouncer (Debian: apt-get install pgbouncer)');
  const user = isRoot() ? findUser(['postgres', 'nobody']) : undefined;
  if (isRoot() && user === undefined)
    throw new Error('PgBouncer must not run as root, and there is no user postgres or nobody to run it as');
  const { port } = options;
  if (port === undefined) return atFreePort((free) => startPgBouncer({ ...options, port: free }));
  const url = new URL(options.postgresUrl);
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-pgbouncer-'));
  const settings = join(folder, 'pgbouncer.ini');
  const logFile = join(folder, 'log');
  const userFile = join(folder, 'users.txt');
  const { users } = options;
  writeFileSync(settings, settingsText(url, port, options, users === undefined ? undefined : userFile));
  writeFileSync(
    userFile,
    Object.entries(users ?? {})
      .map(([name, password]) => `"${name}" "${password}"\n`)
      .join(''),
  );
  if (user !== undefined)
    for (const path of [folder, settings, userFile]) chownSync(path, user.uid, user.gid);
  const server = startGuarded({ command: program, args: [settings], folder, logFile, signal: 'TERM', user });
  const started = await until(
    'PgBouncer to accept connections',
    async () => (server.ended() ? 'ended' : (await accepts(port)) && 'up'),
    { within: 30_000, every: 20 },
  );
  if (started === 'ended') {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`PgBouncer ended at once:\n${server.lastWords()}`);
  }
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return { url: url.href, stop: server.stop };
}

/** Who asks is trusted, and is `postgresUrl`'s user at Postgres, unless there is a file of users. */
function settingsText(
  postgres: URL,
  port: number,
  { poolMode, poolSize = 20, resetQuery = '', pidFile, settings = [] }: PgBouncerOptions,
  userFile: string | undefined,
): string {
  const password = postgres.password === '' ? '' : ` password=${decodeURIComponent(postgres.password)}`;
  const everybody = userFile === undefined ? ` user=${decodeURIComponent(postgres.username)}${password}` : '';
  return [
    '[databases]',
    `* = host=${postgres.hostname} port=${postgres.port || '5432'}${everybody}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    ...(userFile === undefined ? ['auth_type = any'] : ['auth_type = plain', `auth_file = ${userFile}`]),
    `pool_mode = ${poolMode}`,
    `default_pool_size = ${poolSize}`,
    'max_client_conn = 400',
    `server_reset_query = ${resetQuery}`,
    // A database can be dropped soon after its last client is gone.
    'server_idle_timeout = 5',
    ...(pidFile === undefined ? [] : [`pidfile = ${pidFile}`]),
    ...settings,
    '',
  ].join('\n');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
