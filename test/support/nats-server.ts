import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { getNats } from './get-nats.ts';
import { atFreePort, findProgram, isRoot, type RunningServer, startGuarded } from './process.ts';
import { until } from './until.ts';

const IMAGE = 'nats:2-alpine';

/** The storage limit is far above any disk: streams reserve `max_bytes` when they are made, and tests make many. */
function configuration(storeFolder: string, extra: string): string {
  return `jetstream { store_dir: "${storeFolder}", max_mem: 1GB, max_file: 4TB }\n${extra}\n`;
}

export interface LocalNats extends RunningServer {
  /** Gives the server other further lines, as an operator does who edits its file and sends SIGHUP. */
  reload(extra: string): Promise<void>;
}

export interface NatsOptions {
  /** Where it writes its process id, for a test that kills it. */
  readonly pidFile?: string;
  /** A fixed port, for a test that ends a server and starts it again. */
  readonly port?: number;
  /** Keep the stream files here, for the same tests; a temporary folder otherwise. */
  readonly storeFolder?: string;
  /** Further lines of the server's configuration. */
  readonly extra?: string;
}

export async function startNatsContainer(): Promise<RunningServer> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(IMAGE)
    .withExposedPorts(4222)
    .withCopyContentToContainer([{ content: configuration('/data', ''), target: '/nomnom.conf' }])
    .withCommand(['-c', '/nomnom.conf'])
    .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
    .start();
  return {
    url: `nats://${container.getHost()}:${container.getMappedPort(4222)}`,
    async stop() {
      await container.stop();
    },
  };
}

/** A server of this machine's own binary; undefined where there is none and none can be installed. */
export async function startLocalNats(options: NatsOptions = {}): Promise<LocalNats | undefined> {
  const installed = natsProgram();
  const supported = installed !== undefined && isSupported(installed) ? installed : undefined;
  const command = supported ?? (await getNats()) ?? installed ?? (await installNats());
  if (command === undefined) return undefined;
  const { port } = options;
  if (port === undefined) return atFreePort((free) => startLocalNats({ ...options, port: free }));
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-nats-'));
  try {
    const config = join(folder, 'server.conf');
    const logFile = join(folder, 'log');
    const pidFile = options.pidFile ?? join(folder, 'pid');
    const write = (extra: string): void =>
      writeFileSync(config, configuration(options.storeFolder ?? join(folder, 'store'), extra));
    write(options.extra ?? '');
    const server = startGuarded({
      command,
      args: ['-a', '127.0.0.1', '-p', String(port), '-P', pidFile, '-c', config],
      folder,
      logFile,
      signal: 'TERM',
    });
    let log = '';
    const started = await until(
      'nats-server to answer',
      async () => {
        if (existsSync(logFile)) log = readFileSync(logFile, 'utf8');
        return server.ended() ? 'ended' : (await greets(port)) && log.includes('Server is ready') && 'up';
      },
      { every: 20 },
    );
    if (started === 'ended') throw new Error(`nats-server ended at once:\n${server.lastWords()}`);
    const reloads = (): number => readFileSync(logFile, 'utf8').split('Reloaded server configuration').length;
    return {
      url: `nats://127.0.0.1:${port}`,
      stop: server.stop,
      async reload(extra) {
        const before = reloads();
        write(extra);
        process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGHUP');
        await until('nats-server to reload', () => Promise.resolve(reloads() > before), { every: 5 });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function natsProgram(): string | undefined {
  return findProgram('nats-server', ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin']);
}

const known = new Map<string, boolean>();

/**
 * Whether it is at least 2.10, as README.md demands. Debian 12 has 2.9, which in a cluster may keep a message for good that all of its
 * consumers have acknowledged.
 */
function isSupported(program: string): boolean {
  const before = known.get(program);
  if (before !== undefined) return before;
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(stdout) ?? [];
  const found = Number(major) * 1_000 + Number(minor) >= 2_010;
  known.set(program, found);
  return found;
}

/** Installs the server where this process is root on a machine with apt; gives its path if that worked. */
async function installNats(): Promise<string | undefined> {
  if (!isRoot() || findProgram('apt-get') === undefined) return undefined;
  // RUNLEVEL=1 keeps the package from starting a service of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const run = promisify(execFile);
  try {
    await run('apt-get', ['update', '-q'], { env });
    await run('apt-get', ['install', '-yq', '--no-install-recommends', 'nats-server'], { env });
  } catch (error) {
    throw new Error('nats-server is missing, and installing it with apt-get failed', { cause: error });
  }
  return natsProgram();
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(1000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('INFO'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
