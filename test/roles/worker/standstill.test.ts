import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { startFreezablePostgres } from '../../support/freezable-postgres.ts';
import { until } from '../../support/until.ts';
import { openRig, QUEUES, type Rig } from './rig.ts';

const program = (id: string) => `pipeline w${id}
  stream W${id.toUpperCase()} {
    subject ingest = "w${id}.ingest.{entity}"
    subject dead = "w${id}.dead.{entity}"
    storage: memory
  }
  role ingest { publish W${id.toUpperCase()}.ingest }
  role worker {
    consume W${id.toUpperCase()}.ingest
    dead_letter W${id.toUpperCase()}.dead
    concurrency: 2
    batch: 10
    linger: 1ms
  }
  entity Order { id: int  store orders { key (id)  upsert on (id) replace } }`;

/** A psql that somebody has left open. */
async function psql(rig: Rig): Promise<{ client: Client; pid: number }> {
  const [row] = await rig.rows('SELECT current_database() AS name, inet_server_port() AS port');
  const client = new Client({
    connectionString: `postgres://postgres:postgres@127.0.0.1:${String(row?.['port'])}/${String(row?.['name'])}`,
    application_name: 'psql',
  });
  await client.connect();
  onTestFinished(() => client.end());
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return { client, pid: rows[0]?.pid ?? 0 };
}

const changes = ({ log }: Rig) =>
  log.lines.filter(({ level, message }) => level !== 'debug' && /^(paused|resumed)/.test(message));

const orders = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => ({ entity: 'Order', body: { id: from + at } }));

test.each(QUEUES)(
  'a worker over %s says once that a locked table stops it, and whose lock it is, and once that it goes on',
  { timeout: 120_000 },
  async (kind) => {
    const rig = await openRig(kind, program);
    const worker = rig.work();
    const { client, pid } = await psql(rig);
    await client.query('BEGIN');
    await client.query('LOCK TABLE orders');
    await rig.publish(orders(1, 100));
    await until('the worker to say it', () => changes(rig).length > 0);
    const lock = new RegExp(
      `waits for a lock on orders that pid ${pid} \\(psql, user postgres, idle in transaction, since .*Z\\) holds`,
    );
    expect(changes(rig)[0]).toMatchObject({
      level: 'warn',
      fields: { code: 'STORE_LOCKED', reason: expect.stringMatching(lock) },
    });
    expect(worker.state()).toMatchObject({ kind: 'paused', reason: expect.stringMatching(lock) });
    // Statements end after 15 s, and others take their place.
    const waiting = () =>
      rig.rows(`SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%orders%'
        AND xact_start > now() - interval '5 s' AND datname = current_database()`);
    const began = Date.now();
    await until(
      'statements to be tried again',
      async () => Date.now() - began > 10_000 && (await waiting()).length > 0,
    );
    expect(worker.state().kind).toBe('paused');
    await client.query('COMMIT');
    await rig.settled(100);
    await until('the worker to go on', () => worker.state().kind === 'running');
    expect(changes(rig).map(({ message }) => message.replace(/:.*/, ''))).toEqual(['paused', 'resumed']);
  },
);

test(
  'workers name the frozen session that holds locks, and its own worker also the statement without an answer',
  { timeout: 180_000 },
  async () => {
    const server = await startFreezablePostgres();
    onTestFinished(() => server.stop());
    const rig = await openRig('JetStream', program, { databaseUrl: server.url });
    const { client } = await psql(rig);
    await client.query('BEGIN');
    await client.query('LOCK TABLE orders');
    const worker = rig.work();
    await rig.publish(orders(1, 1));
    const stuck = await until('a session to wait for the table', async () => {
      const [found] = await rig.rows(
        `SELECT pid FROM pg_stat_activity WHERE wait_event = 'relation' AND datname = current_database()`,
      );
      return found === undefined ? false : Number(found['pid']);
    });
    server.freeze([stuck]);
    await client.query('COMMIT');
    // It has noted the status of the message, and keeps that row.
    const silent = `no answer to a statement in time (pid ${stuck})`;
    const lock = `that pid ${stuck} (`;
    const told = await until('both to be told', () => {
      const state = worker.state();
      return (
        state.kind === 'paused' &&
        state.reason.includes(silent) &&
        state.reason.includes(lock) &&
        state.reason
      );
    });
    expect(told).toContain(silent);
    server.thaw();
    await rig.settled(1);
    await until('the worker to go on', () => worker.state().kind === 'running');
  },
);
