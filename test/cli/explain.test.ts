import { expect, test } from 'vitest';
import { codes } from '../../src/checks/codes.ts';
import { nomnom } from '../support/nomnom.ts';

test('explain prints everything that a small file leaves to defaults', async () => {
  const ran = await nomnom(['explain', 'test/examples/tiny.nom']);
  expect(ran).toMatchObject({ status: 0, err: '' });
  for (const part of [
    'subject ingest: tiny.ingest.{entity} (captured as tiny.ingest.*)',
    'stream TINY',
    'as tiny_worker_ingest',
    'CREATE TABLE "pings"',
    'CONSTRAINT "pings_pkey" PRIMARY KEY ("id")',
    'ON CONFLICT ("id") DO NOTHING',
    'attempts: 5, backoff: 1s..1m',
  ])
    expect(ran.out).toContain(part);
});

test('the same as JSON is data for a script', async () => {
  const ran = await nomnom(['explain', 'test/examples/tiny.nom', '--json']);
  expect(JSON.parse(ran.out)).toMatchObject({
    pipeline: 'tiny',
    entities: [{ name: 'Ping', tables: ['pings'] }],
    streams: [{ name: 'TINY', subjects: [{ name: 'ingest', pattern: 'tiny.ingest.*' }] }],
    tables: [{ name: 'pings', upsert: { action: 'keep' } }],
  });
});

test('every code has a page', async () => {
  for (const code of codes.keys()) {
    const description = codes.get(code);
    expect(description?.title, code).toMatch(/\S/);
    expect(description?.explanation.length, code).toBeGreaterThan(40);
  }
  const ran = await nomnom(['explain', 'NOM204']);
  expect(ran.out).toMatch(/^NOM204: a derived key does not depend on the repeated source/);
  expect(await nomnom(['explain', 'NOM999'])).toMatchObject({ status: 2 });
});
