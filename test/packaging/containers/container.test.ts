import { chmodSync, cpSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { root } from '../../support/nomnom.ts';
import { until } from '../../support/until.ts';
import { buildImage } from './build-image.ts';
import { dockerOf } from './docker.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-container-'));
const docker = dockerOf(inject('engine'));
const name = inject('image');
const network = ['--network', name] as const;
/** The containers that this file made. */
const containers: string[] = [];

beforeAll(async () => {
  chmodSync(folder, 0o755);
  for (const path of ['minimal.nom', 'minimal'])
    cpSync(join(root, 'pipelines', path), join(folder, path), { recursive: true });
  await docker.run('network', 'create', name);
});
afterAll(async () => {
  if (containers.length > 0) await docker.run('rm', '--force', '--volumes', ...containers);
  await docker.run('network', 'rm', name);
  await rm(folder, { recursive: true, force: true });
});

async function inspect(of: string, format: string): Promise<string> {
  return (await docker.run('inspect', '--format', format, of)).trim();
}

/** What each container of nomnom gets here: nothing that it could write to, and no right. */
const LOCKED = ['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'] as const;
const SERVERS = ['DATABASE_URL=postgres://postgres:secret@postgres/postgres', 'NATS_URL=nats://nats:4222'];

/** The arguments of `docker run` for nomnom with the pipeline in `folder`. */
function nomnom(options: readonly string[], command: readonly string[]): readonly string[] {
  const settings = SERVERS.flatMap((each) => ['--env', each]);
  const volume = ['--volume', `${folder}:/pipeline:ro`];
  return ['run', ...LOCKED, ...network, ...volume, ...settings, ...options, name, ...command];
}

const once = (...command: readonly string[]) => docker.run(...nomnom(['--rm'], command));

/** Starts a server that the containers reach as `alias`. */
async function startServer(
  alias: string,
  image: string,
  options: readonly string[],
  ...args: readonly string[]
) {
  const reached = ['--network-alias', alias, ...options];
  return kept(await docker.run('run', '--detach', ...network, ...reached, image, ...args));
}

async function startRole(role: string): Promise<string> {
  const command = ['run', 'minimal.nom', `--role=${role}`, '--allow-anonymous'];
  return kept(await docker.run(...nomnom(['--detach', '--network-alias', role], command)));
}

function kept(printed: string): string {
  containers.push(printed.trim());
  return printed.trim();
}

test('the image says what it is and what is in it, and has no root', async () => {
  expect(await inspect(name, '{{.Config.User}} {{json .Config.Entrypoint}}')).toBe('65532:65532 ["nomnom"]');
  expect(await inspect(name, '{{index .Config.Labels "org.opencontainers.image.licenses"}}')).toBe(
    'Apache-2.0',
  );
  const sbom = await docker.run('run', '--rm', '--entrypoint', 'cat', name, '/opt/nomnom/sbom.json');
  const { components } = JSON.parse(sbom) as { readonly components: readonly { readonly name: string }[] };
  // The last two are inside the bundle. `node` and `vitest` are for development only.
  expect(components.map((each) => each.name)).toEqual(
    expect.arrayContaining(['pg', 'fastify', 'zod', 'commander']),
  );
  expect(components.map((each) => each.name)).not.toEqual(expect.arrayContaining(['vitest']));
  expect(components.map((each) => each.name)).not.toEqual(expect.arrayContaining(['node']));
  const history = await docker.run('history', '--no-trunc', '--format', '{{.CreatedBy}}', name);
  expect(history).not.toMatch(/npmrc|_auth/);
});

test('check, apply, ingest and worker run read-only and without root, end with rows, and end well', async () => {
  expect(await once('check', 'minimal.nom')).toContain('accepted');
  const password = ['--env', 'POSTGRES_PASSWORD=secret', '--publish', '127.0.0.1::5432'];
  const postgres = await startServer('postgres', 'postgres:17', password);
  await startServer('nats', 'nats:2', [], '-js');
  const port = /:(\d+)\s*$/.exec(await docker.run('port', postgres, '5432'))?.[1] ?? '';
  const url = `postgres://postgres:secret@127.0.0.1:${port}/postgres`;
  await until('Postgres to answer', () => query(url, 'SELECT 1 AS n'), { every: 200 });
  expect(await once('apply', 'minimal.nom', '--yes')).toContain('the servers agree');

  const roles = [await startRole('ingest'), await startRole('worker')];
  for (const role of roles)
    await until(
      'its health check to pass',
      async () => {
        const health = await inspect(role, '{{.State.Status}} {{.State.Health.Status}}');
        if (health.startsWith('exited')) throw new Error(await docker.run('logs', role));
        return health === 'running healthy';
      },
      { every: 200 },
    );
  const sent = await once(
    'send',
    'minimal.nom',
    'Ping',
    'minimal/ping.ndjson',
    '--url',
    'http://ingest:8080',
  );
  expect(sent).toContain('3 accepted');
  await until(
    '3 rows in Postgres',
    async () => (await query(url, 'SELECT count(*) AS n FROM pings')) === '3',
  );

  for (const role of roles) {
    await docker.run('stop', '--time', '60', role);
    expect(await inspect(role, '{{.State.ExitCode}}')).toBe('0');
  }
});

/** The `n` of the one row. */
async function query(url: string, statement: string): Promise<string | undefined> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly n: unknown }>(statement);
    return String(rows[0]?.n);
  } finally {
    await client.end();
  }
}

test('an image for another processor takes what it runs from this one: nothing is emulated, or built twice', async () => {
  const other = process.arch === 'arm64' ? 'linux/amd64' : 'linux/arm64';
  const tree = `${name}-other`;
  // All but the last stage, which only copies, and would need a base image of that processor.
  await buildImage(docker, tree, '--platform', other, '--target', 'tree');
  expect(await inspect(tree, '{{.Os}}/{{.Architecture}}')).toBe(other);
  await docker.run('image', 'rm', '--force', tree);
});

test('a second build from nothing gives the same layers', async () => {
  const layers = '{{json .RootFS.Layers}}';
  const again = `${name}-again`;
  const started = performance.now();
  await buildImage(docker, again, '--no-cache');
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`a build without the layers of another: ${seconds} s\n`);
  try {
    expect(await inspect(again, layers)).toBe(await inspect(name, layers));
  } finally {
    await docker.run('image', 'rm', '--force', again);
  }
});
