import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClient } from '../editor/client.ts';
import { root } from '../support/nomnom.ts';
import type { RunningServer } from '../support/process.ts';
import { providePostgres } from '../support/servers.ts';
import { database } from './database.ts';
import { type Installed, rowsInEmbedded, rowsOnServers, run } from './end-to-end.ts';

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'nomnom-binary-'));
const binary = join(folder, 'nomnom');
const project = join(folder, 'project');
/** No Node, nor anything else, is on its PATH. */
const installed: Installed = {
  command: [binary],
  env: { PATH: '/nowhere', LOG_LEVEL: 'info' },
  folder: project,
};
let postgres: RunningServer;

beforeAll(async () => {
  mkdirSync(project);
  await execute(process.execPath, [join(root, 'packaging/binary.ts'), binary], { cwd: root });
  postgres = await providePostgres();
});
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('one file, alone, writes rows to its embedded Postgres and to servers', async () => {
  const seconds = await rowsInEmbedded(installed);
  process.stdout.write(`single executable: first rows after ${seconds.toFixed(1)} s\n`);
  await rowsOnServers(installed, { databaseUrl: await database(postgres.url, 'single') });
  expect(await run(installed, ['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(await run(installed, ['graph', 'minimal.nom', '--format', 'svg'])).toContain('</svg>');
});

test('it serves an editor: a file with a fault gets its finding, and none once it is repaired', async () => {
  const client = await startClient(undefined, installed.command);
  const text = await client.open(
    'shop.nom',
    'entity Ping {\n  id: uid\n  store pings { key (id)  upsert on (id) keep }\n}\n',
  );
  const { diagnostics } = await text.findings();
  expect(diagnostics).toMatchObject([
    { message: expect.stringContaining('uid'), range: { start: { line: 1, character: 6 } } },
  ]);
  await text.replace('uid', 'uuid');
  expect((await text.findings()).diagnostics).toEqual([]);
  expect(await client.stop()).toBe(0);
});

/** Those that start processes and are not about how the sources are laid out. */
const SUITES = ['check', 'fmt', 'test', 'eval', 'dlq', 'pipeline', 'dev'].map(
  (name) => `test/cli/${name}.test.ts`,
);

test('the end-to-end tests of the commands pass through it', async () => {
  const env = { ...process.env, NOMNOM_BINARY: binary, TEST_DATABASE_URL: postgres.url };
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const { stdout } = await execute(process.execPath, [vitest, 'run', '--project=servers', ...SUITES], {
    cwd: root,
    env,
    maxBuffer: 64e6,
  }).catch((error: { stdout?: string }) => {
    throw new Error(error.stdout ?? 'vitest did not start', { cause: error });
  });
  expect(stdout).toMatch(new RegExp(`Test Files.*${SUITES.length} passed`));
});
