import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openTcpProxy, type TcpProxy, through } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { lastingPort } from './lasting-port.ts';
import type { FaultOptions } from './options.ts';
import { supervise, type Supervised } from './supervised.ts';

/** A process with the lines to its servers, each of which can be disturbed. */
export interface Member {
  readonly process: Supervised;
  readonly lines: readonly Line[];
  /** Its next start, and every one after that, runs this file. */
  runFile(file: string): void;
}

export interface Line {
  readonly name: string;
  readonly server: 'Postgres' | 'NATS';
  readonly proxy: TcpProxy;
}

export interface Fleet {
  readonly workers: readonly Member[];
  readonly ingests: readonly Member[];
  /** Where the ingest processes listen, also those that are started again. */
  readonly urls: readonly string[];
  readonly members: readonly Member[];
  end(): Promise<void>;
}

export interface FleetServers {
  /** Of Postgres, or of the pooler in front of it. */
  readonly databaseUrl: string;
  /** Only for the JetStream queue; of a cluster all nodes, with commas between. */
  readonly natsUrl: string | undefined;
}

/** Starts the processes, each over proxies of its own, and waits until all ingest processes are ready. */
export async function startFleet(
  file: string,
  { workers, ingests, queue, logs }: FaultOptions,
  servers: FleetServers,
  note: (text: string) => void,
): Promise<Fleet> {
  const member = async (name: string, ...args: readonly string[]): Promise<Member> => {
    const postgres = await openTcpProxy(servers.databaseUrl);
    const natsUrls = servers.natsUrl?.split(',') ?? [];
    const nats = await Promise.all(natsUrls.map(openTcpProxy));
    const env = {
      LOG_LEVEL: 'info',
      DATABASE_URL: through(postgres, servers.databaseUrl),
      ...(nats.length === 0
        ? {}
        : { NATS_URL: nats.map((proxy, at) => through(proxy, natsUrls[at] ?? '')).join(',') }),
    };
    const process = supervise({
      name,
      args: ['run', file, ...args],
      env,
      note,
      logFile: logs === undefined ? undefined : join(logs, `${queue}-${name}.log`),
    });
    return {
      process,
      lines: [
        { name: `${name} and Postgres`, server: 'Postgres', proxy: postgres },
        ...nats.map((proxy, at) => ({
          name: `${name} and NATS${nats.length > 1 ? ` ${at}` : ''}`,
          server: 'NATS' as const,
          proxy,
        })),
      ],
      runFile: (changed) => process.change(['run', changed, ...args]),
    };
  };
  if (logs !== undefined) mkdirSync(logs, { recursive: true });
  const urls: string[] = [];
  const ingestMembers: Member[] = [];
  const workerMembers: Member[] = [];
  for (let at = 1; at <= ingests; at += 1) {
    const port = await lastingPort();
    urls.push(`http://127.0.0.1:${port}`);
    const listening = [`--port=${port}`, '--host=127.0.0.1'];
    ingestMembers.push(await member(`ingest-${at}`, '--role=ingest', ...listening));
  }
  for (let at = 1; at <= workers; at += 1) workerMembers.push(await member(`worker-${at}`, '--role=worker'));
  const members = [...ingestMembers, ...workerMembers];
  const end = async (): Promise<void> => {
    await Promise.all(members.map(({ process }) => process.end()));
    await Promise.all(members.flatMap(({ lines }) => lines.map(({ proxy }) => proxy.close())));
  };
  try {
    await until('every ingest process to be ready', () => allReady(urls), { within: 60_000, every: 200 });
  } catch (error) {
    await end();
    throw error;
  }
  return { workers: workerMembers, ingests: ingestMembers, urls, members, end };
}

async function allReady(urls: readonly string[]): Promise<boolean> {
  const answers = await Promise.all(urls.map((url) => fetch(`${url}/readyz`)));
  return answers.every(({ ok }) => ok);
}
