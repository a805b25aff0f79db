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
  readonly databaseUrl: string;
  /** Only for the JetStream queue. */
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
    const nats = servers.natsUrl === undefined ? undefined : await openTcpProxy(servers.natsUrl);
    const env = {
      LOG_LEVEL: 'info',
      DATABASE_URL: through(postgres, servers.databaseUrl),
      ...(nats === undefined ? {} : { NATS_URL: through(nats, servers.natsUrl ?? '') }),
    };
    return {
      process: supervise({
        name,
        args: ['run', file, ...args],
        env,
        note,
        logFile: logs === undefined ? undefined : join(logs, `${queue}-${name}.log`),
      }),
      lines: [
        { name: `${name} and Postgres`, server: 'Postgres', proxy: postgres },
        ...(nats === undefined ? [] : [{ name: `${name} and NATS`, server: 'NATS' as const, proxy: nats }]),
      ],
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
