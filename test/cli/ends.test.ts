import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { nomnom, nomnomProcess } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-ends-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const { url } = await freshDatabase();
const env = { DATABASE_URL: url, NATS_URL: inject('natsUrl') };
const file = join(folder, 'ends.nom');
writeFileSync(
  file,
  `pipeline ends_${randomUUID().slice(0, 8)}\nentity Ping {\n  id: uuid\n  store pings { key (id)  upsert on (id) keep }\n}\n`,
);

// Most tests run commands in their own process. Nothing that a command leaves open may keep a process from ending.
test.each([
  ['check', file],
  ['fmt', '--check', file],
  ['apply', file, '--yes'],
  ['doctor', file],
  ['status', file],
  ['dlq', 'list', file],
  ['keys', 'list', file],
  ['dlq', 'show', file, randomUUID()],
  ['apply', join(folder, 'absent.nom')],
])('the process of `nomnom %s` ends by itself, and prints what the command prints', async (...args) => {
  // The first of two finds what the second leaves as it is.
  await nomnom(args, { env });
  const alone = await nomnomProcess(args, { env });
  expect(steady(alone)).toEqual(steady(await nomnom(args, { env })));
});

/** Without what another moment changes. */
function steady({ status, out, err }: Awaited<ReturnType<typeof nomnom>>): unknown {
  return { status, out: out.replaceAll(/\d+/g, 'N'), err: err.replaceAll(/\d+/g, 'N') };
}
