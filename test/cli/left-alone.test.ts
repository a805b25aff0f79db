import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { embeddedFolder } from '../support/embedded-folder.ts';
import { executable, root } from '../support/nomnom.ts';
import { until } from '../support/until.ts';

const shell = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'nomnom-left-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const STORE = 'store es { key (id)  upsert on (id) }';
const right = file('right.nom', `entity E { id: int  ${STORE}\n}\n`);
// More findings than a pipe holds.
const wrong = file(
  'wrong.nom',
  `entity E { id: int  ${STORE}\n${Array.from({ length: 2_000 }, (_, at) => `f${at}: int = nothing${at}\n`).join('')}}\n`,
);
const messages = file('messages.ndjson', '{"id": 1}\n'.repeat(5_000));

const data = [await embeddedFolder(), await embeddedFolder()] as const;

/** What `command | reader` writes to standard error, and the status of the command. */
async function piped(args: readonly string[], reader: string): Promise<{ status: number; err: string }> {
  const { stderr } = await shell('bash', [
    ...['-c', `{ "$@"; echo "status $?" >&2; } | ${reader}`, 'bash'],
    ...[process.execPath, executable(), ...args],
  ]);
  const [, err = '', status] = /^([^]*)status (\d+)\n$/.exec(stderr) ?? [];
  return { status: Number(status), err };
}

test.each([
  ['--help'],
  ['check', right],
  ['check', wrong, '--max-findings', '5000'],
  ['check', wrong, '--format', 'json'],
  ['explain', right],
  ['schema', right, '--openapi'],
  ['types', right],
  ['graph', right],
  ['eval', right, 'E', messages],
  ['completion', 'bash'],
])('`nomnom %s` ends quietly where nobody reads what it prints', async (...args) => {
  const { status, err } = await piped(args, 'true');
  expect(err).not.toContain('EPIPE');
  expect(err).not.toMatch(/^ +at /m);
  // As tools do that end by SIGPIPE.
  expect(status).toBe(141);
});

test('the findings that `head` shows are whole lines, and nothing follows them', async () => {
  const { err } = await piped(['check', wrong, '--max-findings', '5000'], 'head -n 1 >/dev/null');
  expect(err).toBe('');
});

test('what cannot be printed for another reason is said in one line', async () => {
  if (!existsSync('/dev/full')) return;
  const { stderr } = await shell('bash', [
    ...['-c', '"$@" >/dev/full; echo "status $?" >&2', 'bash'],
    ...[process.execPath, executable(), 'explain', right],
  ]);
  expect(stderr).toBe(
    'nomnom: cannot write to standard output: ENOSPC: no space left on device, write\nstatus 1\n',
  );
});

test('`nomnom dev` stops in order where nobody reads what it prints', async () => {
  const { err } = await piped(['dev', right, '--port', '0', '--data', data[0]], 'head -n 1 >/dev/null');
  expect(err).toBe('');
});

/** Lets the launcher believe that it was started by a Node that is too old: it starts the one of the project beside itself. */
const OLD = `for (const [name, value] of [['versions', { ...process.versions, node: '18.0.0' }], ['execPath', '/old/node']])
  Object.defineProperty(process, name, { value });`;

test('`nomnom dev` stops in order where its launcher is killed, and leaves neither port nor lock behind', async () => {
  const args = ['dev', right, '--port', '0', '--data', data[1]];
  const launcher = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(OLD)}`, join(root, 'bin/nomnom'), ...args],
    { cwd: root },
  );
  let out = '';
  launcher.stdout.on('data', (data: Buffer) => (out += data.toString()));
  launcher.stderr.on('data', (data: Buffer) => (out += data.toString()));
  // Its output ends with the last process that has it.
  const closed = new Promise((resolve) => launcher.on('close', resolve));
  await until('the roles to run', () => {
    if (launcher.exitCode !== null) throw new Error(out);
    return out.includes('stop with Ctrl-C');
  });
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? '';
  expect(await fetch(`${address}/healthz`)).toMatchObject({ ok: true });
  launcher.kill('SIGKILL');
  await closed;
  expect(out).toContain('\nstopping\n');
  await expect(fetch(`${address}/healthz`)).rejects.toThrow('fetch failed');
});
