import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { failTable, fixTable } from './failing-table.ts';
import type { FaultyServer } from './faulty.ts';
import type { Fleet } from './fleet.ts';
import { dropIndex, restoreIndex, terminateBackends } from './live.ts';
import { leaderOf } from './nats-servers.ts';
import { purge } from './purge.ts';
import { readOnlyFor } from './read-only.ts';
import { type Away, type Readiness, watchReadiness } from './readiness.ts';
import type { ServerFault } from './server-faults.ts';
import type { FaultyServers } from './servers.ts';

export interface Disturbed {
  readonly fleet: Fleet;
  readonly servers: FaultyServers;
  /** Around the pooler. */
  readonly databaseUrl: string;
  /** Only of the JetStream queue. */
  readonly natsUrl: string | undefined;
  readonly stream: string;
  readonly note: (text: string) => void;
}

/** Milliseconds that a lock, or the choice of a leader, may hold up the end of a queue's messages. */
const PURGED = 30_000;
/** Milliseconds of commits that a lax server loses when all of its processes are killed. */
const STALLED = 1_500;

/** Carries one fault out and resolves when everything is back in its place. */
export async function disturbServers(
  target: Disturbed,
  fault: ServerFault,
  readiness: Readiness,
): Promise<void> {
  const { fleet, servers, databaseUrl, natsUrl, note } = target;
  const away = async (
    nodes: readonly FaultyServer[],
    how: Parameters<FaultyServer['end']>[0],
    expected: Away | 'nothing',
    milliseconds: number,
  ): Promise<void> => {
    await Promise.all(nodes.map((node) => node.end(how)));
    if (expected === 'nothing') await sleep(milliseconds);
    else await watchReadiness(readiness, fleet.urls, expected, milliseconds);
    await Promise.all(nodes.map((node) => node.start()));
    note('the server is back');
  };
  const withoutPostgres: Away = natsUrl === undefined ? 'red' : 'degraded';
  const during = 'seconds' in fault ? fault.seconds * 1000 : 0;
  const lasting = seconds(during / 1000);
  switch (fault.kind) {
    case 'Postgres stopped':
    case 'Postgres killed':
    case 'Postgres killed at once':
    case 'NATS stopped':
    case 'NATS killed': {
      const isPostgres = fault.kind.startsWith('Postgres');
      const how = fault.kind.endsWith('at once')
        ? 'killed at once'
        : fault.kind.endsWith('killed')
          ? 'killed'
          : 'stopped';
      if (how === 'killed at once') {
        servers.stallWal();
        await sleep(STALLED);
      }
      note(`${fault.kind} for ${lasting}`);
      const server = isPostgres ? servers.postgres : servers.nats;
      return away([server], how, isPostgres ? withoutPostgres : 'red', during);
    }
    case 'pooler killed':
      note(`the pooler killed for ${lasting}`);
      return away(servers.pooler === undefined ? [] : [servers.pooler], 'killed', withoutPostgres, during);
    case 'node killed':
    case 'quorum lost': {
      note(`${fault.kind}: node ${fault.nodes.join(' and ')} for ${lasting}`);
      const nodes = servers.natsNodes.filter((_, at) => fault.nodes.includes(at));
      const isLost = fault.kind === 'quorum lost';
      return away(nodes, isLost ? 'stopped' : 'killed', isLost ? 'red' : 'nothing', during);
    }
    case 'leader killed': {
      // Where none leads at the moment, any will do.
      const leader = await leaderOf(servers.nats.url, target.stream).catch(() => undefined);
      note(`leader killed: node ${leader ?? 'unknown, so 0'} for ${lasting}`);
      return away(
        servers.natsNodes.filter((_, at) => at === (leader ?? 0)),
        'killed',
        'nothing',
        during,
      );
    }
    case 'Postgres unreachable':
    case 'NATS unreachable': {
      const server = fault.kind.startsWith('Postgres') ? 'Postgres' : 'NATS';
      const lines = fleet.members.flatMap(({ lines }) => lines.filter((line) => line.server === server));
      note(`${fault.kind} for ${lasting}, all ${lines.length} lines cut`);
      await Promise.all(lines.map(({ proxy }) => proxy.cut()));
      await sleep(during);
      await Promise.all(lines.map(({ proxy }) => proxy.restore()));
      return;
    }
    case 'backends terminated':
      note(`${await terminateBackends(databaseUrl, fault.share)} backends terminated`);
      return;
    case 'index dropped':
      note(`primary key of order_states dropped for ${lasting}`);
      await dropIndex(databaseUrl);
      await sleep(during);
      await restoreIndex(databaseUrl);
      return;
    case 'table fails':
      note(`every row of ${fault.table} fails with ${fault.code} for ${lasting}`);
      await failTable(databaseUrl, fault);
      await sleep(during);
      await fixTable(databaseUrl, fault);
      return;
    case 'read-only':
      note(`Postgres is read-only for ${lasting}`);
      await readOnlyFor(
        databaseUrl,
        natsUrl === undefined ? 'postgres' : 'jetstream',
        fleet.urls,
        readiness,
        during,
      );
      return;
    case 'stream full':
      note(`all workers stopped for ${lasting}, so that the stream fills`);
      return withoutWorkers(fleet, () => sleep(during));
    case 'stream purged': {
      // What waits is what goes: while the workers are at it that would be next to nothing.
      note(`all workers stopped for ${lasting}, and the queue is purged (${fault.way})`);
      let purged: Promise<number> | undefined;
      await withoutWorkers(fleet, async () => {
        await sleep(during);
        const empty = (): Promise<number> => purge(databaseUrl, natsUrl, target.stream, fault.way);
        purged = until('the queue to be purged', empty, { within: PURGED, every: 500 });
        // A worker that stands still may hold a lock.
        await Promise.race([purged, sleep(1_000)]);
      });
      note(`${await purged} messages are gone`);
    }
  }
}

async function withoutWorkers({ workers }: Fleet, work: () => Promise<void>): Promise<void> {
  for (const { process } of workers) process.signal('SIGSTOP');
  try {
    await work();
  } finally {
    for (const { process } of workers) process.signal('SIGCONT');
  }
}

export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
