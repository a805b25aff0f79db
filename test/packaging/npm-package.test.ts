import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/nomnom.ts';
import { provideNats, providePostgres } from '../support/servers.ts';
import type { RunningServer } from '../support/process.ts';
import { database } from './database.ts';
import { emptyEnvironment, rowsInEmbedded, rowsOnServers, run } from './end-to-end.ts';

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'nomnom-npm-'));
let tarball = '';
let servers: readonly RunningServer[] = [];

beforeAll(async () => {
  await execute('npm', ['pack', '--pack-destination', folder, '--silent'], { cwd: root });
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  tarball = join(folder, `${name?.replace('@', '').replace('/', '-')}-${version}.tgz`);
  servers = await Promise.all([providePostgres(), provideNats()]);
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

test('the tarball is smaller than 1.5 MB, and has neither sources nor tests', async () => {
  const { stdout } = await execute('tar', ['-tzf', tarball]);
  expect(
    stdout.split('\n').filter((path) => /\.ts$|\.map$|^package\/(src|test|bench|docs)\//.test(path)),
  ).toEqual([]);
  expect(statSync(tarball).size).toBeLessThan(1_500_000);
});

/** The folder with a Node of this version and the npm that came with it; a package of npm has it. */
async function nodeOf(major: string): Promise<string> {
  if (major === '24') return dirname(process.execPath);
  const home = join(folder, `node-${major}`);
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), JSON.stringify({ allowScripts: { node: true } }));
  await execute('npm', ['install', `node@${major}`, '--no-audit', '--no-fund'], { cwd: home });
  return join(home, 'node_modules/node/bin');
}

describe.each(['22', '24'])('on Node %s', (major) => {
  test('npx, an installed package and its roles write rows', async () => {
    const npm = dirname((await execute('sh', ['-c', 'command -v npm'])).stdout.trim());
    const path = [await nodeOf(major), npm];
    const project = join(folder, `project-${major}`);
    mkdirSync(project);
    const env = emptyEnvironment(path);
    const { stdout } = await execute('node', ['--version'], { env });
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`));

    const npx = {
      command: ['npx', '--yes', `--package=${tarball}`, 'nomnom'] as const,
      env,
      folder: project,
    };
    const seconds = await rowsInEmbedded({ ...npx, command: [...npx.command] });
    process.stdout.write(`npx on Node ${major}: first rows after ${seconds.toFixed(1)} s\n`);

    await execute('npm', ['install', tarball, '--no-audit', '--no-fund'], { cwd: project, env });
    const installed = {
      command: [join(project, 'node_modules/.bin/nomnom')] as [string],
      env,
      folder: project,
    };
    const [postgres, nats] = servers;
    const databaseUrl = await database(postgres?.url ?? '', `node_${major}`);
    await rowsOnServers(installed, { databaseUrl, ...(nats && { natsUrl: nats.url }) });
    if (major !== '24') return;

    // What is left out says how to get it.
    await execute('npm', ['install', '--omit=optional', '--no-audit', '--no-fund'], { cwd: project, env });
    await expect(run(installed, ['dev', 'minimal.nom'])).rejects.toThrow(
      '`npm install @electric-sql/pglite`',
    );
    await expect(run(installed, ['graph', 'minimal.nom', '--format', 'svg'])).rejects.toThrow(
      '`npm install @viz-js/viz`',
    );
    await expect(
      run(installed, ['run', 'minimal.nom', '--role=worker'], {
        DATABASE_URL: databaseUrl,
        PORT: '0',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      }),
    ).rejects.toThrow(/npm install @opentelemetry/);
    expect(await run(installed, ['check', 'minimal.nom'])).toContain('accepted');
  });
});
