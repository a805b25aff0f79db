import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layOutExecutable } from '../support/executable.ts';
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
const deployments: Deployment[] = [];
let servers: readonly RunningServer[] = [];
let helm = '';
let removePackage = (): void => {};

beforeAll(async () => {
  chmodSync(folder, 0o755);
  helm = await chartProgram('helm');
  const laidOut = await layOutExecutable();
  removePackage = laidOut.remove;
  process.env['NOMNOM_FOLDER'] = laidOut.folder;
  servers = await Promise.all([providePostgres(), provideNats()]);
});
afterAll(async () => {
  for (const deployment of deployments) for (const pod of deployment.pods()) pod.kill();
  await Promise.all(servers.map((server) => server.stop()));
  removePackage();
  await rm(folder, { recursive: true, force: true });
});

/** A database with its users, and a queue: in JetStream, or in the same database with a schema for nomnom's own tables. */
interface Place {
  readonly id: string;
  readonly databaseUrl: string;
  readonly values: readonly string[];
}

async function place(...values: readonly string[]): Promise<Place> {
  const id = randomBytes(4).toString('hex');
  const made = { id, databaseUrl: await database(servers[0]?.url ?? '', `rolling_${id}`), values };
  await makeUsers(made);
  return made;
}

const user = (role: string, { id }: Place): string => `${role}_${id}`;

/** Makes the users as deploy/kubernetes/users.sql says, and gives them a password. */
async function makeUsers(at: Place): Promise<void> {
  const psql = findProgram('psql', ['/usr/lib/postgresql/17/bin', '/usr/lib/postgresql/15/bin']);
  if (psql === undefined) throw new Error('the test needs psql (Debian: apt-get install postgresql-client)');
  const names = ['apply', 'ingest', 'worker'];
  await execute(psql, [
    ...[at.databaseUrl, '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1'],
    ...names.map((name) => `--set=${name}=${user(name, at)}`),
    `--file=${join(root, 'deploy/kubernetes/users.sql')}`,
  ]);
  for (const name of names) await query(at, `ALTER ROLE ${user(name, at)} PASSWORD 'secret'`);
}

/** The program, in a file, an imported one in a folder, and a CSV file beside it. Each further field is a column. */
const program = ({ id }: Place, further: readonly string[]): Readonly<Record<string, string>> => ({
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
async function rendered(at: Place, ...fields: readonly string[]): Promise<readonly Manifest[]> {
  const files = Object.entries(program(at, fields)).flatMap(([path, text]) => {
    const file = join(folder, randomUUID(), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return ['--set-file', `pipeline.files.${path.replaceAll('.', '\\.')}=${file}`];
  });
  const values = [
    ...[
      'ingest.preStopSeconds=1',
      'pipeline.file=shop.nom',
      'database.existingSecret=shop-postgres',
      'toolbox.enabled=true',
    ],
    ...['database.grants.enabled=true', `database.grants.ingestUser=${user('ingest', at)}`],
    ...[`database.grants.workerUser=${user('worker', at)}`, ...at.values],
  ].flatMap((each) => ['--set', each]);
  const chart = join(root, 'deploy/chart/nomnom');
  const args = ['template', 'shop', chart, '--kube-version', '1.33.0', ...values, ...files];
  return manifestsOf((await execute(helm, args)).stdout);
}

function around(at: Place, manifests: readonly Manifest[]): Surroundings {
  const url = (role: string) =>
    Object.assign(new URL(at.databaseUrl), { username: user(role, at), password: 'secret' }).href;
  const urls = { 'apply-url': url('apply'), 'ingest-url': url('ingest'), 'worker-url': url('worker') };
  return { folder, manifests, secrets: { 'shop-postgres': urls } };
}

const apply = (at: Place, all: readonly Manifest[]) =>
  runJob(podOf(manifest(all, 'Job', 'apply')), around(at, all));
const APPLIED = { status: 0, output: expect.stringContaining('') as string };

async function query<T extends object>({ databaseUrl }: Place, text: string): Promise<readonly T[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

const rows = (at: Place, where = 'true'): Promise<number> =>
  query<{ n: number }>(at, `SELECT count(*)::int AS n FROM orders WHERE ${where}`).then(
    ([row]) => row?.n ?? 0,
  );

/** Applies a first version, creates a key in the toolbox, and starts the roles. */
async function install(at: Place, all: readonly Manifest[], replicas: number) {
  expect(await apply(at, all)).toEqual(APPLIED);
  const toolbox = podOf(manifest(all, 'Deployment', 'toolbox'));
  const [shell] = toolbox.containers;
  if (shell === undefined) throw new Error('no toolbox');
  const { command: _, ...nomnom } = shell;
  const create = ['keys', 'create', 'shop.nom', 'pos', '--yes'];
  const creating = await startContainer(toolbox, { ...nomnom, args: create }, around(at, all));
  expect(await creating.ended()).toBe(0);
  const start = async (role: string): Promise<Deployment> => {
    const from = manifest(all, 'Deployment', role);
    const started = await startDeployment(from, replicas, around(at, all));
    deployments.push(started);
    return started;
  };
  const ingest = await start('ingest');
  const worker = await start('worker');
  const sending = sender(/nom_\w+/.exec(creating.output())?.[0] ?? '', ingest);
  return { ingest, worker, sending };
}

/** Sends messages one after the other to Pods that are ready, as a Service would, until it is told to stop. */
function sender(key: string, ingest: Deployment) {
  const accepted = new Map<string, string>();
  const problems: string[] = [];
  let going = true;
  const running = (async () => {
    for (let at = 0; going && problems.length === 0; at += 1) {
      const order = { id: randomUUID(), country: at % 2 === 0 ? 'DE' : 'FR', note: `n${at}` };
      const ready = ingest.ready();
      const pod = ready[at % ready.length];
      const response = await fetch(`${pod?.url}/ingest/Order`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'idempotency-key': order.id },
        body: JSON.stringify(order),
      }).catch((error: Error) => `${pod?.url} ${error.message}: ${String(error.cause)}`);
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
  const at = await place(`nats.url=${servers[1]?.url}`);
  const { ingest, worker, sending } = await install(at, await rendered(at), 2);
  await sending.more(1);
  await until('a row', async () => (await rows(at)) > 0);
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  process.stdout.write(`the chart as processes: ${seconds} s to the first row\n`);

  // Version 2 reads a key that version 1 ignores.
  await sending.more(50);
  const second = await rendered(at, 'note: text?');
  expect(await apply(at, second)).toEqual(APPLIED);
  await ingest.roll(manifest(second, 'Deployment', 'ingest'), around(at, second));
  await worker.roll(manifest(second, 'Deployment', 'worker'), around(at, second));
  await sending.more(50);

  // Version 3 would break the workers that run: its Job fails, says so, and they go on.
  const refused = await apply(at, await rendered(at, 'note: text?', 'other: text'));
  expect(refused.status).toBe(1);
  expect(refused.output).toMatch(/another program still runs|ADD COLUMN|NOT NULL/);
  await sending.more(50);
  await sending.stop();

  expect(sending.problems).toEqual([]);
  const count = sending.accepted.size;
  await until(`${count} rows`, async () => (await rows(at)) === count);
  expect(await query(at, 'SELECT 1 FROM dead_letters')).toEqual([]);
  expect(await rows(at, "name = 'Germany'")).toBe(Math.ceil(count / 2));
  expect(await rows(at, 'note IS NOT NULL')).toBeGreaterThanOrEqual(100);
  for (const pod of [...ingest.pods(), ...worker.pods()])
    for (const probe of ['livenessProbe', 'readinessProbe'] as const)
      expect(await pod.isGreen(probe)).toBe(true);
  await ingest.stop();
  await worker.stop();
});

test('without NATS, and with a schema for its own tables, each role has the rights it needs and no others', async () => {
  const at = await place('database.ledgerSchema=nomnom');
  const { ingest, worker, sending } = await install(at, await rendered(at), 1);
  await sending.more(5);
  await sending.stop();
  expect(sending.problems).toEqual([]);
  await until('all rows', async () => (await rows(at)) === sending.accepted.size);
  const may = (role: string, table: string, right: string) =>
    query(at, `SELECT has_table_privilege('${user(role, at)}', '${table}', '${right}') AS may`);
  expect(await may('ingest', 'orders', 'SELECT, INSERT')).toEqual([{ may: false }]);
  expect(await may('ingest', 'nomnom.nomnom_keys', 'INSERT, UPDATE, DELETE')).toEqual([{ may: false }]);
  expect(await may('worker', 'nomnom.nomnom_keys', 'SELECT, INSERT')).toEqual([{ may: false }]);
  await ingest.stop();
  await worker.stop();
});
