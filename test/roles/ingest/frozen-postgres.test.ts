import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { openPostgresQueue } from '../../../src/adapters/postgres-queue/queue.ts';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { startFreezablePostgres } from '../../support/freezable-postgres.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { run } from './running.ts';
import { shopPlan } from './shop.ts';

async function frozenIngest() {
  const server = await startFreezablePostgres();
  onTestFinished(() => server.stop());
  const store = openStore({ url: server.url, max: 4, log: memoryLog() });
  onTestFinished(() => store.close());
  await store.transaction(({ ledger }) => ledger.migrate());
  const queue = openPostgresQueue({ store: store.sql, log: memoryLog() });
  const shop = shopPlan({ onRefused: 'dead_letter' });
  await queue.apply(shop.plan);
  const backends = async (condition: string): Promise<readonly number[]> => {
    const { rows } = await store.sql.query({
      text: `SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND ${condition}`,
    });
    return rows.map((row) => Number(row['pid']));
  };
  return { server, backends, running: await run(store, queue, shop) };
}

const PARTS = [
  ['all of Postgres', undefined],
  ['its writers', `backend_type IN ('walwriter', 'checkpointer', 'background writer')`],
  ['one session', `backend_type = 'client backend'`],
] as const;

// The documented bound is 30 s; a busy machine gets some more, and what hangs gets none.
test.each(PARTS)(
  'every request has its answer while %s stands still, and a 503 says when to come again',
  { timeout: 90_000 },
  async (what, condition) => {
    const { server, backends, running } = await frozenIngest();
    const { post, get } = running;
    const order = (id: number) => JSON.stringify({ id });
    const [first] = await Promise.all(
      Array.from({ length: 30 }, (_, id) => post('/ingest/Order', order(id))),
    );
    const frozen = condition === undefined ? undefined : await backends(condition);
    server.freeze(what === 'one session' ? frozen?.slice(0, 1) : frozen);
    const asked = [
      ...Array.from({ length: 200 }, (_, id) => post('/ingest/Order', order(id))),
      ...Array.from({ length: 20 }, (_, id) =>
        post('/ingest/Order', order(id), { 'idempotency-key': randomUUID() }),
      ),
      ...Array.from({ length: 5 }, () => post('/ingest/Order', '{"id":"none"}')),
      post('/ingest/Order/batch', Array.from({ length: 1_000 }, (_, id) => `${order(id)}\n`).join('')),
      post('/ingest/Order/batch', Array.from({ length: 1_000 }, () => '{"id":"none"}\n').join('')),
      get(`/status/${String(first?.body['message_id'])}`),
      get('/readyz'),
      get('/metrics').catch(() => undefined),
    ];
    const answers = await Promise.all(asked);
    const told = answers.filter((answer) => answer !== undefined);
    expect([200, 202, 503]).toEqual(expect.arrayContaining([...new Set(told.map(({ status }) => status))]));
    const busy = told.filter(({ status }) => status === 503);
    expect(busy.filter(({ headers }) => !/^\d+$/.test(headers.get('retry-after') ?? ''))).toEqual([]);
    expect(busy.length).toBeGreaterThanOrEqual(condition === undefined ? 200 : 0);
    server.thaw();
  },
);
