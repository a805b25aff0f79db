import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { atFreePort, findProgram, findUser, isRoot, type RunningServer, startGuarded } from './process.ts';
import { programsOfVersion, wantedPostgres } from './postgres-version.ts';
import { until } from './until.ts';

const image = (): string => `postgres:${wantedPostgres() ?? '17'}-alpine`;
const RELAXED = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
const SETTINGS = [
  'max_connections=200',
  'shared_buffers=256MB',
  'max_wal_size=2GB',
  'autovacuum_naptime=10s',
];

export interface PostgresOptions {
  /** Flush to disk at commit, as a real server does; off by default, for speed. */
  readonly durable?: boolean;
  /** A fixed port, for a test that ends a server and starts it again. Local binaries only, as the next two. */
  readonly port?: number;
  /** Keep the data here, for the same tests; it is made where it is empty. A temporary folder otherwise. */
  readonly dataFolder?: string;
  /** Further settings, `name=value`. */
  readonly settings?: readonly string[];
  /** Use this Postgres: copies it into the folder of the server and gives the folder of its programs. */
  readonly copyPrograms?: (folder: string) => string;
  /** Speak this language (`de`) to sessions whose `lc_messages` is not C. Local binaries only. */
  readonly language?: string;
}

function settings({ durable = false, settings: further = [] }: PostgresOptions): string[] {
  return [...SETTINGS, ...(durable ? [] : RELAXED), ...further].flatMap((setting) => ['-c', setting]);
}

export async function startPostgresContainer(options: PostgresOptions = {}): Promise<RunningServer> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(image())
    .withEnvironment({ POSTGRES_PASSWORD: 'postgres' })
    .withExposedPorts(5432)
    .withCommand(['postgres', ...settings(options)])
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .start();
  const url = `postgres://postgres:postgres@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  return {
    url,
    async stop() {
      await container.stop();
    },
  };
}

/**
 * A server of this machine's own binaries in a temporary folder, or of the version that the tests are to run on; undefined
 * where there are none.
 */
export async function startLocalPostgres(options: PostgresOptions = {}): Promise<RunningServer | undefined> {
  const version = options.copyPrograms === undefined ? wantedPostgres() : undefined;
  const own = options.copyPrograms === undefined ? postgresFolder() : undefined;
  if (own === undefined && options.copyPrograms === undefined && version === undefined) return undefined;
  const { port } = options;
  if (port === undefined) return atFreePort((free) => startLocalPostgres({ ...options, port: free }));
  const user = isRoot() ? findUser(['postgres', 'nobody']) : undefined;
  if (isRoot() && user === undefined) {
    throw new Error('Postgres must not run as root, and there is no user postgres or nobody to run it as');
  }
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-postgres-'));
  try {
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    const bin =
      version === undefined
        ? (own ?? options.copyPrograms?.(folder) ?? '')
        : await programsOfVersion(version, folder);
    const data = options.dataFolder ?? join(folder, 'data');
    if (options.dataFolder !== undefined && user !== undefined) chownSync(data, user.uid, user.gid);
    if (!existsSync(join(data, 'PG_VERSION'))) {
      await promisify(execFile)(
        join(bin, 'initdb'),
        ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
        { cwd: folder, ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }) },
      );
    }
    const logFile = join(folder, 'log');
    const server = startGuarded({
      command: '/usr/bin/env',
      args: [
        `LANGUAGE=${options.language ?? ''}`,
        join(bin, 'postgres'),
        '-D',
        data,
        '-p',
        String(port),
        '-h',
        '127.0.0.1',
        '-k',
        folder,
        ...settings(options),
      ],
      folder,
      logFile,
      signal: 'INT',
      user,
    });
    const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const started = await until(
      'Postgres to accept connections',
      async () => {
        return server.ended() ? 'ended' : (await accepts(url)) && 'up';
      },
      { every: 50 },
    );
    if (started === 'ended') throw new Error(`Postgres ended at once:\n${server.lastWords()}`);
    return { url, stop: server.stop };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function accepts(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** The folder with `postgres` and `initdb`: the PATH first, then the newest version as Debian lays them. */
function postgresFolder(): string | undefined {
  const onPath = findProgram('postgres');
  if (onPath !== undefined && existsSync(join(dirname(onPath), 'initdb'))) return dirname(onPath);
  const debian = '/usr/lib/postgresql';
  if (!existsSync(debian)) return undefined;
  return readdirSync(debian)
    .toSorted((left, right) => Number(right) - Number(left))
    .map((version) => join(debian, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'postgres')) && existsSync(join(bin, 'initdb')));
}
