import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'nomnom-extension-'));
const extension = join(folder, 'extension.cjs');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'editors/vscode/bundle.ts'), extension]);
  mkdirSync(join(folder, 'node_modules/vscode'), { recursive: true });
  const stub = JSON.stringify(join(import.meta.dirname, 'vscode-stub.cjs'));
  writeFileSync(join(folder, 'node_modules/vscode/index.js'), `module.exports = require(${stub});\n`);
  writeFileSync(
    join(folder, 'run.cjs'),
    `const { activate, deactivate } = require(process.env.EXTENSION);
// No process outlives its test, whatever becomes of the test.
setTimeout(() => process.exit(1), 40_000).unref();
const shown = new Promise((resolve) => process.stdin.once('shown', resolve));
(async () => {
  await activate({ subscriptions: [] });
  process.emit('activated');
  if (process.env.SHOWS !== 'nothing') await shown;
  await deactivate();
})();
`,
  );
}, 60_000);

/** Activates the real extension in the stub of an editor; gives the exit status and what was shown. */
function run(env: Readonly<Record<string, string>>): Promise<{ status: number | null; shown: unknown[] }> {
  const child = spawn(process.execPath, [join(folder, 'run.cjs')], {
    env: { ...process.env, EXTENSION: extension, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    // Where nothing is shown, what was printed until then tells why.
    timeout: 30_000,
  });
  let out = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  return new Promise((resolve) =>
    child.on('close', (status) =>
      resolve({
        status,
        shown: out
          .split('\n')
          .filter((line) => line !== '')
          .map((line): unknown => JSON.parse(line)),
      }),
    ),
  );
}

const server = join(root, 'bin/nomnom');

/** Two processes start in each of these. */
const PATIENT = { timeout: 60_000 };

test('the extension starts the server and shows what it finds', PATIENT, async () => {
  expect(await run({ NOMNOM_PATH: server })).toEqual({
    status: 0,
    shown: [{ findings: [['NOM009', 0]] }],
  });
});

test('a server that does not start is a message, and the setting fixes it', PATIENT, async () => {
  const { status, shown } = await run({ NOMNOM_PATH: '/no/such/nomnom', PATH_LATER: server });
  expect(status).toBe(0);
  expect(shown).toContainEqual({ error: expect.stringContaining('Set "nomnom.path"') });
  expect(shown.at(-1)).toEqual({ findings: [['NOM009', 0]] });
});

test('in a folder that is not trusted nothing is started', PATIENT, async () => {
  expect(await run({ NOMNOM_PATH: server, TRUSTED: 'no', SHOWS: 'nothing' })).toEqual({
    status: 0,
    shown: [],
  });
});
