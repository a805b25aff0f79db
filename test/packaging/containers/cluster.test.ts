import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nomnom } from '../../support/nomnom.ts';
import { until } from '../../support/until.ts';
import { type Compose, composeOf } from './compose.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-cluster-'));
let compose: Compose;
beforeAll(async () => {
  compose = await composeOf('compose.yaml', 'compose.cluster.yaml');
});
afterAll(async () => {
  await compose.down();
  await rm(folder, { recursive: true, force: true });
});

test('the cluster leaves the stream of the one server alone: a server that brings one makes the others throw theirs away', async () => {
  const one = await composeOf('compose.yaml');
  try {
    const cluster = await volumesOf(compose, ['nats', 'nats-2', 'nats-3']);
    expect(cluster.length).toBe(3);
    expect(new Set([...cluster, ...(await volumesOf(one, ['nats']))]).size).toBe(4);
  } finally {
    await one.down();
  }
});

/** The volumes that services keep their data in. */
async function volumesOf(project: Compose, names: readonly string[]): Promise<readonly string[]> {
  const { services } = JSON.parse(await project.run('config', '--format', 'json')) as {
    readonly services: Readonly<Record<string, { readonly volumes: readonly { readonly source: string }[] }>>;
  };
  return names.flatMap((name) => services[name]?.volumes.map(({ source }) => source) ?? []);
}

const COUNT = 5000;

test('a NATS server that is killed while messages flow loses none, and PgBouncer is in between', async () => {
  await compose.up();
  const file = join(folder, 'pings.ndjson');
  const lines = Array.from({ length: COUNT }, (_, at) => {
    const id = `00000000-0000-4000-8000-${at.toString(16).padStart(12, '0')}`;
    return `{"id":"${id}","sent_at":"2026-01-01T12:00:00Z","note":"${at}"}\n`;
  });
  writeFileSync(file, lines.join(''));
  const sending = nomnom(['send', 'pipelines/minimal.nom', 'Ping', file, '--url', compose.ingest]);
  await until('the first rows', async () => (await compose.query('SELECT count(*) > 0 FROM pings')) === 't', {
    every: 50,
  });
  const { leader, replicas } = await streamOf('nats');
  expect(replicas).toBe(3);
  await compose.run('kill', leader);
  // From one address: no role goes around the pooler.
  const addresses =
    "SELECT count(DISTINCT client_addr) FROM pg_stat_activity WHERE client_addr <> '127.0.0.1'";
  expect(await compose.query(addresses)).toBe('1');

  const sent = await sending;
  expect(sent.out + sent.err).toContain(`${COUNT} accepted, 0 rejected`);
  // Each once, with what was sent.
  const sum = (COUNT * (COUNT - 1)) / 2;
  const state =
    "SELECT count(*) || ' ' || sum(note::int) || ' ' || (SELECT count(*) FROM dead_letters) FROM pings";
  await until('all rows', async () => (await compose.query(state)) === `${COUNT} ${sum} 0`, { every: 200 });

  const other = leader === 'nats' ? 'nats-2' : 'nats';
  await compose.run('start', leader);
  // Only the leader knows what the others have, and who leads may change once more.
  const current = async () => (await streamOf((await streamOf(other)).leader)).current;
  await until('the server to be back and to have all', async () => (await current()) === 2, { every: 500 });
});

interface Stream {
  readonly leader: string;
  readonly replicas: number;
  /** How many of the other servers have all that the leader has: true if the leader is asked, others do not know. */
  readonly current: number;
}

/** What one of the servers says of the stream. */
async function streamOf(server: string): Promise<Stream> {
  const url = 'http://127.0.0.1:8222/jsz?accounts=true&streams=true&config=true';
  const { account_details: accounts } = JSON.parse(
    await compose.run('exec', '-T', server, 'wget', '-q', '-O', '-', url),
  ) as { readonly account_details: readonly { readonly stream_detail: readonly Detail[] }[] };
  const detail = accounts.flatMap((each) => each.stream_detail).find((each) => each.name === 'MINIMAL');
  if (detail === undefined) throw new Error(`${server} has no stream MINIMAL`);
  return {
    leader: detail.cluster.leader,
    replicas: detail.config.num_replicas,
    current: (detail.cluster.replicas ?? []).filter((each) => each.current && each.offline !== true).length,
  };
}

interface Detail {
  readonly name: string;
  readonly config: { readonly num_replicas: number };
  readonly cluster: {
    readonly leader: string;
    readonly replicas?: readonly { readonly current: boolean; readonly offline?: boolean }[];
  };
}
