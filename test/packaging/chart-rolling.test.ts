import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layOutPackage } from '../support/executable.ts';
import { findProgram, type RunningServer } from '../support/process.ts';
import { root } from '../support/nomnom.ts';
import { provideNats, providePostgres } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { chartProgram } from './chart-tools.ts';
import { database } from './database.ts';
import { type Deployment, startDeployment } from './deployment.ts';
import { type Manifest, manifest, manifestsOf, podOf } from './manifests.ts';
import { runJob, startContainer, type Surroundings } from './pod-process.ts';

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'nomnom-rolling-'));
const id = randomBytes(4).toString('hex');
const user = (role: string): string => `${role}_${id}`;
const deployments: Deployment[] = [];
let servers: readonly RunningServer[] = [];
let databaseUrl = '';
let natsUrl = '';
let helm = '';
let removePackage = (): void => {};

beforeAll(async () => {
  chmodSync(folder, 0o755);
  helm = await chartProgram('helm');
  removePackage = (await layOutPackage()).remove;
  servers = await Promise.all([providePostgres(), provideNats()]);
  natsUrl = servers[1]?.url ?? '';
  databaseUrl = await database(servers[0]?.url ?? '', `rolling_${id}`);
});
afterAll(async () => {
  for (const deployment of deployments) for (const pod of deployment.pods()) pod.kill();
  await Promise.all(servers.map((server) => server.stop()));
  removePackage();
  await rm(folder, { recursive: true, force: true });
});

/** The program, in a file, an imported one in a folder, and a CSV file beside it. Each further field is a column. */
const program = (further: readonly string[]): Readonly<Record<string, string>> => ({
  'shop.nom': `pipeline shop_${id}\nimport "parts/orders.nom"\n`,
  'parts/orders.nom': `lookup Countries "countries.csv" { code: text(2)  name: text(40)  key (code) }
entity Order {
  id: uuid
  country: text(2)
${further.map((field) => `  ${field}\n`).join('')}}
derive OrderRow from Order as o {
  id = o.id
  name = Countries[o.country]?.name
${further.map((field) => `  ${field.split(':')[0]} = o.${field.split(':')[0]}\n`).join('')}  store orders { key (id)  upsert on (id) keep }
}
`,
  'parts/countries.csv': 'code,name\nDE,Germany\nFR,France\n',
});

/** What the chart makes of a program, as a person would call Helm. */
async function rendered(...fields: readonly string[]): Promise<readonly Manifest[]> {
  const files = Object.entries(program(fields)).flatMap(([path, text]) => {
    const file = join(folder, randomUUID(), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return ['--set-file', `pipeline.files.${path.replaceAll('.', '\\.')}=${file}`];
  });
  const { stdout } = await execute(helm, [
    ...['template', 'shop', join(root, 'deploy/chart/nomnom'), '--kube-version', '1.33.0'],
    ...['--set', 'pipeline.file=shop.nom', '--set', 'database.existingSecret=shop-postgres', ...files],
    ...[
      '--set',
      `nats.url=${natsUrl}`,
      '--set',
      'toolbox.enabled=true',
      '--set',
      'database.grants.enabled=true',
    ],
    ...['--set', `database.grants.ingestUser=${user('ingest')}`],
    ...['--set', `database.grants.workerUser=${user('worker')}`],
  ]);
  return manifestsOf(stdout);
}

function around(manifests: readonly Manifest[]): Surroundings {
  const url = (role: string) =>
    Object.assign(new URL(databaseUrl), { username: user(role), password: 'secret' }).href;
  const urls = { 'apply-url': url('apply'), 'ingest-url': url('ingest'), 'worker-url': url('worker') };
  return { folder, manifests, secrets: { 'shop-postgres': urls } };
}

const apply = (all: readonly Manifest[]) => runJob(podOf(manifest(all, 'Job', 'apply')), around(all));

async function query<T extends object>(text: string): Promise<readonly T[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Makes the users as deploy/kubernetes/users.sql says, and gives them a password. */
async function makeUsers(): Promise<void> {
  const psql = findProgram('psql', ['/usr/lib/postgresql/17/bin', '/usr/lib/postgresql/15/bin']);
  if (psql === undefined) throw new Error('the test needs psql (Debian: apt-get install postgresql-client)');
  const names = ['apply', 'ingest', 'worker'];
  await execute(psql, [
    ...[databaseUrl, '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1'],
    ...names.map((name) => `--set=${name}=${user(name)}`),
    `--file=${join(root, 'deploy/kubernetes/users.sql')}`,
  ]);
  for (const name of names) await query(`ALTER ROLE ${user(name)} PASSWORD 'secret'`);
}

/** Sends messages one after the other to Pods that are ready, as a Service would, until it is told to stop. */
function sender(key: string, ingest: Deployment) {
  const accepted = new Map<string, string>();
  const problems: string[] = [];
  let going = true;
  const running = (async () => {
    for (let at = 0; going; at += 1) {
      const order = { id: randomUUID(), country: at % 2 === 0 ? 'DE' : 'FR', note: `n${at}` };
      const ready = ingest.ready();
      const pod = ready[at % ready.length];
      const response = await fetch(`${pod?.url}/ingest/Order`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'idempotency-key': order.id },
        body: JSON.stringify(order),
      }).catch((error: unknown) => String(error));
      if (typeof response === 'string') problems.push(response);
      else if (response.status === 202) accepted.set(order.id, order.note);
      else problems.push(`${response.status} ${await response.text()}`);
    }
  })();
  return {
    accepted,
    problems,
    more: (count: number) => {
      const goal = accepted.size + count;
      return until(`${count} more messages to be accepted`, () => {
        if (problems.length > 0) throw new Error(problems[0]);
        return accepted.size >= goal;
      });
    },
    stop: () => {
      going = false;
      return running;
    },
  };
}

test('the chart, run as processes: from nothing to rows, and to the next version under load, without a loss', async () => {
  const since = performance.now();
  await makeUsers();
  const first = await rendered();
  const firstAround = around(first);
  expect(await apply(first)).toEqual({ status: 0, output: expect.stringContaining('') as string });

  const toolbox = podOf(manifest(first, 'Deployment', 'toolbox'));
  const [shell] = toolbox.containers;
  if (shell === undefined) throw new Error('no toolbox');
  const { command: _, ...nomnom } = shell;
  const create = ['keys', 'create', 'shop.nom', 'pos', '--yes'];
  const creating = await startContainer(toolbox, { ...nomnom, args: create }, firstAround);
  expect(await creating.ended()).toBe(0);
  const key = /nom_\w+/.exec(creating.output())?.[0] ?? '';

  const deployment = (all: readonly Manifest[], role: string) => manifest(all, 'Deployment', role);
  const ingest = await startDeployment(deployment(first, 'ingest'), 2, firstAround);
  const worker = await startDeployment(deployment(first, 'worker'), 2, firstAround);
  deployments.push(ingest, worker);
  const sending = sender(key, ingest);
  await sending.more(1);
  const rows = (where = 'true') =>
    query<{ n: number }>(`SELECT count(*)::int AS n FROM orders WHERE ${where}`).then(([row]) => row?.n ?? 0);
  await until('a row', async () => (await rows()) > 0);
  process.stdout.write(
    `the chart as processes: ${((performance.now() - since) / 1000).toFixed(1)} s to the first row\n`,
  );

  // Version 2 reads a key that version 1 ignores.
  await sending.more(50);
  const second = await rendered('note: text?');
  expect(await apply(second)).toEqual({ status: 0, output: expect.stringContaining('') as string });
  await ingest.roll(deployment(second, 'ingest'), around(second));
  await worker.roll(deployment(second, 'worker'), around(second));
  await sending.more(50);

  // Version 3 would break the workers that run: its Job fails, says so, and they go on.
  const third = await rendered('note: text?', 'other: text');
  const refused = await apply(third);
  expect(refused.status).toBe(1);
  expect(refused.output).toMatch(/another program still runs|ADD COLUMN|NOT NULL/);
  await sending.more(50);
  await sending.stop();

  expect(sending.problems).toEqual([]);
  const count = sending.accepted.size;
  await until(`${count} rows`, async () => (await rows()) === count);
  expect(await query('SELECT 1 FROM dead_letters')).toEqual([]);
  expect(await rows("name = 'Germany'")).toBe(Math.ceil(count / 2));
  expect(await rows('note IS NOT NULL')).toBeGreaterThanOrEqual(100);
  for (const pod of [...ingest.pods(), ...worker.pods()])
    for (const probe of ['livenessProbe', 'readinessProbe'] as const)
      expect(await pod.isGreen(probe)).toBe(true);
  await ingest.stop();
  await worker.stop();
});
