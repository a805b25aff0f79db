import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { expect, onTestFinished } from 'vitest';
import { until } from '../support/until.ts';

/** nomnom as somebody has installed it. */
export interface Installed {
  /** The program and the words before those of nomnom. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** An empty folder to work in. */
  readonly folder: string;
}

/** Runs a command to its end; throws where it fails. */
export async function run(
  { command: [program, ...before], env, folder }: Installed,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(program, [...before, ...args], {
    cwd: folder,
    env: { ...env, ...more },
  });
  return stdout;
}

/** Starts a command and waits until it has printed the pattern. */
async function start(
  { command: [program, ...before], env, folder }: Installed,
  args: readonly string[],
  pattern: RegExp,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly child: ChildProcess; readonly found: RegExpExecArray; readonly output: () => string }> {
  const child = spawn(program, [...before, ...args], {
    cwd: folder,
    env: { ...env, ...more },
    // A group of its own, which gets signals as a whole, as from a terminal: npx does not pass them on.
    detached: true,
  });
  // A failed test must not leave it behind.
  onTestFinished(() => signalGroup(child));
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  child.stderr.on('data', (data: Buffer) => (text += data.toString()));
  const found = await until(`${args.join(' ')} to print ${pattern}`, async () => {
    if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}:\n${text}`);
    return pattern.exec(text) ?? false;
  });
  return { child, found, output: () => text };
}

function signalGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended.
  }
}

async function stop(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  signalGroup(child);
  const [status, signal] = await exit;
  // npx tells its own end by the signal, not that of what it has started.
  if (signal === null) expect(status).toBe(0);
}

/** The count of rows of `pings`, once there are so many. */
async function rows(databaseUrl: string, count: number): Promise<void> {
  await until(`${count} rows in Postgres`, async () => {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      const { rows } = await client.query<{ n: string }>('SELECT count(*) AS n FROM pings');
      return rows[0]?.n === String(count);
    } finally {
      await client.end();
    }
  });
}

/** From an empty folder to rows in the embedded Postgres; gives the seconds that it took. */
export async function rowsInEmbedded(installed: Installed): Promise<number> {
  const since = performance.now();
  expect(await run(installed, ['init'])).toContain('dev minimal.nom');
  expect(await run(installed, ['test', 'minimal.nom'])).toContain('1 test passed, 0 failed');
  const dev = await start(
    installed,
    ['dev', 'minimal.nom', '--port', '0'],
    /psql '(\S+)'[^]*stop with Ctrl-C/,
  );
  const url = /curl -X POST (\S+)\/ingest/.exec(dev.output())?.[1] ?? '';
  await run(installed, ['send', 'minimal.nom', 'Ping', 'minimal/ping.ndjson', '--url', url]);
  await rows(dev.found[1] ?? '', 3);
  const seconds = (performance.now() - since) / 1000;
  await stop(dev.child);
  expect(dev.output()).not.toContain('Warning');
  return seconds;
}

/** The same pipeline in processes of its own, on servers; the folder is that of `rowsInEmbedded`. */
export async function rowsOnServers(
  installed: Installed,
  servers: { readonly databaseUrl: string; readonly natsUrl?: string },
): Promise<void> {
  const { databaseUrl, natsUrl } = servers;
  const env = { DATABASE_URL: databaseUrl, ...(natsUrl === undefined ? {} : { NATS_URL: natsUrl }) };
  await run(installed, ['apply', 'minimal.nom', '--yes'], env);
  const listening = /"address":"(http:[^"]+)"/;
  const role = (name: string) =>
    start(installed, ['run', 'minimal.nom', `--role=${name}`], listening, { ...env, PORT: '0' });
  const ingest = await role('ingest');
  const worker = await role('worker');
  const url = ingest.found[1] ?? '';
  await run(installed, ['send', 'minimal.nom', 'Ping', 'minimal/ping.ndjson', '--url', url], env);
  await rows(databaseUrl, 3);
  expect(await run(installed, ['dlq', 'list', 'minimal.nom'], env)).toContain(
    'there are no such dead letters',
  );
  await stop(worker.child);
  await stop(ingest.child);
}

/** An environment without this project, its tools and its settings; npm finds its registry as on this machine. */
export function emptyEnvironment(path: readonly string[]): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined &&
    /^(HOME|LANG|TMPDIR|.*_proxy|npm_config_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i.test(name)
      ? [[name, value] as const]
      : [],
  );
  return { ...Object.fromEntries(kept), PATH: [...path, '/usr/bin', '/bin'].join(':'), LOG_LEVEL: 'info' };
}
