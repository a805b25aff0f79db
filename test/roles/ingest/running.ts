import { afterAll, afterEach } from 'vitest';
import { openStore, type PostgresStore } from '../../../src/adapters/postgres/store.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { Queue } from '../../../src/ports/queue.ts';
import type { Store } from '../../../src/ports/store.ts';
import { prove } from '../../../src/runtime/prove.ts';
import { type RoleOptions, type RunningRole, startRole } from '../../../src/runtime/role.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { shopPlan } from './shop.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // An answer's members are what these tests are about; they are compared, never trusted.
  readonly body: Record<string, unknown>;
}

/** A store on a database of its own with the ledger's tables, for a test file. */
export async function ledgerStore(): Promise<PostgresStore> {
  const database = await freshDatabase();
  const store = openStore({ url: database.url, max: 4, log: memoryLog() });
  afterAll(() => store.close());
  await store.transaction(({ ledger }) => ledger.migrate());
  return store;
}

export interface Running {
  readonly ingest: RunningRole;
  readonly log: ReturnType<typeof memoryLog>;
  post(path: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

const started: RunningRole[] = [];

/** Starts the ingest role of the shop on a free port; it is stopped after the test. */
export async function run(
  store: Store,
  queue: Queue,
  shop: ReturnType<typeof shopPlan> = shopPlan(),
  more: Partial<RoleOptions> = {},
): Promise<Running> {
  const log = memoryLog();
  const ingest = await startRole({
    ...shop,
    queue,
    store,
    clock: systemClock,
    log,
    listen: { port: 0, host: '127.0.0.1' },
    prove: () => prove({ servers: { store, queue }, ...shop, connections: 4, log }),
    ...more,
  });
  started.push(ingest);
  return {
    ingest,
    log,
    post: (path, body, headers = {}) =>
      ask(ingest.address + path, { method: 'POST', body: Buffer.from(body), headers }),
    get: (path) => ask(ingest.address + path),
  };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((ingest) => ingest.stop()));
});

export async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const body: unknown = text === '' ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, body: body as Record<string, unknown> };
}
