import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Embedded, openEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import { storeConformance } from '../conformance/store.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { newEmbeddedFolder } from '../support/embedded-folder.ts';
import { memoryLog } from '../support/memory-log.ts';
import { copyNewestPostgres } from '../support/packaged-postgres.ts';
import { startLocalPostgres } from '../support/postgres-server.ts';
import type { RunningServer } from '../support/process.ts';

function openAt(url: string): PostgresStore {
  return openStore({ url, max: 4, log: memoryLog() });
}

describe('on the server of the tests', () => {
  const databases: TestDatabase[] = [];
  afterAll(() => Promise.all(databases.map((database) => database.drop())));
  storeConformance(
    async () => {
      const database = await createDatabase(inject('databaseUrl'));
      databases.push(database);
      return openAt(database.url);
    },
    { concurrent: true },
  );
});

describe('on a newer server', () => {
  let server: RunningServer;
  beforeAll(async () => {
    const started = await startLocalPostgres({ copyPrograms: copyNewestPostgres });
    if (started === undefined) throw new Error('there is no newer Postgres');
    server = started;
  });
  afterAll(() => server.stop());
  test('which is 17 or newer', async () => {
    const store = openAt(server.url);
    const { rows } = await store.sql.query({ text: 'SHOW server_version_num' });
    await store.close();
    expect(Number(rows[0]?.['server_version_num'])).toBeGreaterThanOrEqual(170_000);
  });
  storeConformance(async () => openAt((await createDatabase(server.url)).url), { concurrent: true });
});

describe('on the embedded Postgres', () => {
  const folders: string[] = [];
  const opened: Embedded[] = [];
  afterAll(async () => {
    for (const embedded of opened) await embedded.close();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });
  storeConformance(
    async () => {
      const directory = await newEmbeddedFolder();
      folders.push(directory);
      const embedded = await openEmbedded({ directory });
      opened.push(embedded);
      return openAt(embedded.url);
    },
    { concurrent: false },
  );
});
