import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from '../support/nomnom.ts';

// A checkout whose program tells which signals it gets, started by a Node that has to hand over to the one beside it.
const folder = mkdtempSync(join(tmpdir(), 'nomnom-launcher-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'src/cli'), { recursive: true });
mkdirSync(join(folder, 'node_modules/node/bin'), { recursive: true });
cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
symlinkSync(process.execPath, join(folder, 'node_modules/node/bin/node'));
writeFileSync(
  join(folder, 'old.mjs'),
  `
  if (process.execPath.endsWith('launching-node'))
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.0.0' } });
`,
);
writeFileSync(
  join(folder, 'src/cli/main.ts'),
  `
  import { stopSignal } from '${join(root, 'src/runtime/stop-signal.ts')}';
  const idle = setInterval(() => {}, 1_000);
  const stopping = stopSignal(false);
  console.log('pid', process.pid);
  const signal = await stopping;
  console.log('stopping', signal);
  await new Promise((resolve) => setTimeout(resolve, 300));
  console.log('stopped in order');
  clearInterval(idle);
`,
);
const node = join(folder, 'launching-node');
copyFileSync(process.execPath, node);

async function stopped(signal: NodeJS.Signals, both: boolean) {
  const launcher = spawn(node, [join(folder, 'bin/nomnom'), 'check'], {
    env: { ...process.env, NODE_OPTIONS: `--import=${join(folder, 'old.mjs')}` },
  });
  let out = '';
  const pid = await new Promise<number>((resolve, reject) => {
    launcher.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      const found = /pid (\d+)/.exec(out)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    launcher.stderr.on('data', (data: Buffer) => (out += data.toString()));
    launcher.once('close', () => reject(new Error(out)));
  });
  expect(pid).not.toBe(launcher.pid);
  const ended = new Promise<number | null>((resolve) => launcher.once('close', resolve));
  if (both) process.kill(pid, signal);
  launcher.kill(signal);
  return { status: await ended, out };
}

test.for(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)(
  '%s to the launcher alone stops its program in order',
  async (signal) => {
    const { status, out } = await stopped(signal, false);
    expect(out).toContain('stopped in order');
    expect(status).toBe(0);
  },
);

test.for(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)(
  '%s of a terminal or of timeout, which signal both, stops it in order',
  async (signal) => {
    const { status, out } = await stopped(signal, true);
    expect(out).toContain('stopped in order');
    expect(status).toBe(0);
  },
);
