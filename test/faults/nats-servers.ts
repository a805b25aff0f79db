import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalNats } from '../support/nats-server.ts';
import { isTaken } from '../support/process.ts';
import { until } from '../support/until.ts';
import { faulty, type FaultyServer } from './faulty.ts';
import { lastingPort } from './lasting-port.ts';

const MISSING = 'install nats-server 2.9 or newer (Debian: apt-get install nats-server)';
const NODES = 3;

/** One server, or the three of a cluster. */
export interface NatsServers {
  readonly nodes: readonly FaultyServer[];
  /** All of them as one. */
  readonly all: FaultyServer;
}

export async function startNats(cluster: boolean): Promise<NatsServers> {
  const start = async (): Promise<NatsServers> => {
    if (cluster) return startCluster();
    const node = await startNode(await lastingPort(), '');
    return { nodes: [node], all: node };
  };
  return start().catch((error: unknown) => {
    // Another process took one of the ports in between.
    if (isTaken(error)) return start();
    throw error;
  });
}

async function startCluster(): Promise<NatsServers> {
  const ports: number[] = [];
  for (let at = 0; at < 2 * NODES; at += 1) ports.push(await lastingPort());
  const routes = ports.slice(NODES).map((port) => `nats://127.0.0.1:${port}`);
  const started = await Promise.allSettled(
    routes.map((_, at) => startNode(ports[at] ?? 0, memberOf(at, ports[NODES + at] ?? 0, routes))),
  );
  const nodes = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const all = together(nodes);
  const failed = started.find((each) => each.status === 'rejected');
  try {
    if (failed !== undefined) throw failed.reason;
    await until('the cluster to have a leader', () => answers(all.url), { within: 60_000, every: 200 });
  } catch (error) {
    await all.remove();
    throw error;
  }
  return { nodes, all };
}

/** The servers do not name each other to clients, who would go around the proxies then. */
function memberOf(at: number, port: number, routes: readonly string[]): string {
  const others = routes.filter((_, other) => other !== at).map((route) => `"${route}"`);
  return `server_name: "${nameOf(at)}"
cluster { name: "faults", listen: "127.0.0.1:${port}", no_advertise: true, routes: [${others.join(', ')}] }`;
}

function nameOf(at: number): string {
  return `node-${at}`;
}

async function startNode(port: number, extra: string): Promise<FaultyServer> {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-faults-nats-'));
  const pidFile = join(folder, 'pid');
  return faulty(folder, {
    start: () => startLocalNats({ port, storeFolder: join(folder, 'store'), pidFile, extra }),
    kill: () => process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL'),
    missing: MISSING,
  });
}

function together(nodes: readonly FaultyServer[]): FaultyServer {
  const each = async (work: (node: FaultyServer) => Promise<void>): Promise<void> => {
    await Promise.all(nodes.map(work));
  };
  return {
    url: nodes.map(({ url }) => url).join(','),
    end: (how) => each((node) => node.end(how)),
    start: () => each((node) => node.start()),
    remove: () => each((node) => node.remove()),
  };
}

/** A connection around the proxies; `url` may name several servers. */
export async function withNats<T>(url: string, work: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: url.split(','), reconnect: false, timeout: 5_000 });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

function answers(url: string): Promise<boolean> {
  return withNats(url, async (connection) => {
    await (await jetstreamManager(connection, { checkAPI: false })).getAccountInfo();
    return true;
  });
}

/** Which node leads the stream; undefined where none does. */
export async function leaderOf(url: string, stream: string): Promise<number | undefined> {
  const name = await withNats(url, async (connection) => {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    return (await manager.streams.info(stream)).cluster?.leader;
  });
  const at = Array.from({ length: NODES }, (_, at) => nameOf(at)).indexOf(name ?? '');
  return at === -1 ? undefined : at;
}
