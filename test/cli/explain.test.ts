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
    'pipeline tiny\n  max_depth: 64, max_list_length: 100000\n',
  ])
    expect(ran.out).toContain(part);
});

test('explain says what a message is read from, what each conflict does, and every statement on rows', async () => {
  const hl7 = (await nomnom(['explain', 'pipelines/hl7.nom'])).out;
  expect(hl7).toContain(
    'Hl7File: POST /ingest/Hl7File (the body as text, header x-filename) → facility, received',
  );
  expect(hl7).toContain('body_limit: 4MB, batch_limit: 64MB');
  expect(hl7).toContain('on conflict: newest by updated_at');
  const shop = (await nomnom(['explain', 'pipelines/webshop.nom'])).out;
  expect(shop).toContain('on conflict: add (revenue, payments, refunds)');
  expect(shop).toContain('prune:\n    WITH stale');
  expect(shop).toContain('delete:\n    DELETE FROM "customers"');
  expect(shop).toContain('tombstones of deleted rows: nomnom_deleted_customers');
  const { tables } = JSON.parse((await nomnom(['explain', 'pipelines/webshop.nom', '--json'])).out) as {
    readonly tables: readonly { readonly name: string; readonly delete?: { readonly sql: string } }[];
  };
  expect(tables.flatMap((table) => (table.delete === undefined ? [] : [table.name]))).toEqual([
    'customers',
    'products',
  ]);
});

test('explain says what is worked in order, over which subjects, and by which consumers', async () => {
  const { out } = await nomnom(['explain', 'test/cli/ordered.nom']);
  for (const part of [
    'Booking: POST /ingest/Booking → bookings; in order by (account, currency)',
    'subject ingest by partition: bank.ingest.{entity}.{partition} (captured as bank.ingest.*.*)',
    'partitions: 4',
    'consumes bank.ingest.* of stream BANK as bank_worker_ingest (Booking, Note; ',
    'consumes bank.ingest.*.0 to .3 of stream BANK as bank_worker_ingest_p0 to _p3, one worker at a time for each (Booking; ',
  ])
    expect(out).toContain(part);
  expect(out.match(/one worker at a time/g)).toHaveLength(1);
  const tiny = (await nomnom(['explain', 'test/examples/tiny.nom'])).out;
  expect(tiny).not.toContain('partition');
});

test('the same as JSON is data for a script', async () => {
  const ran = await nomnom(['explain', 'test/examples/tiny.nom', '--json']);
  expect(JSON.parse(ran.out)).toMatchObject({
    pipeline: 'tiny',
    limits: { maxDepth: 64, maxListLength: 100_000, maxBytes: 512 * 1024, maxRows: 10_000 },
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
