import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinoLog } from '../../src/adapters/pino-log.ts';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import { applyTables } from '../../src/roles/setup/apply-tables.ts';
import { createDatabase } from '../../test/support/database.ts';
import { startLocalPostgres } from '../../test/support/postgres-server.ts';
import { freePort, type RunningServer } from '../../test/support/process.ts';
import type { Bench, Outcome } from '../bench.ts';
import { median, type Figure } from '../figures.ts';
import { arrivals, type Arrival } from './arrivals.ts';
import type { Size } from './fill.ts';
import { load } from './load.ts';
import { commands, lookups, lost, purge, sizes } from './questions.ts';
import { round, type Round } from './round.ts';

/** While tables are filled: no WAL where it can be left out, and memory to sort keys. */
const LOADING = ['wal_level=minimal', 'max_wal_senders=0', 'autovacuum=off', 'maintenance_work_mem=1GB'];
/** Pages are not copied into the WAL except where a round says so, and nothing waits for a disk that others use. */
const MEASURING = ['fsync=off'];
const NAME = 'full_tpch';
/** Says that a folder was filled to the end. */
const FILLED = 'filled';

interface Kind {
  readonly what: string;
  readonly full: boolean;
  readonly arrival: Arrival;
}

const KINDS: readonly Kind[] = [
  { what: 'newest keys, empty', full: false, arrival: 'newest' },
  { what: 'newest keys, full', full: true, arrival: 'newest' },
  { what: 'spread keys, empty', full: false, arrival: 'spread' },
  { what: 'spread keys, full', full: true, arrival: 'spread' },
];

/**
 * What a database with so many rows and statuses costs, beside an empty one on the same server, in turn. The folder keeps the
 * data for the next run.
 */
export async function scaling(
  bench: Bench,
  size: Omit<Size, 'now'>,
  folder: string,
  say: (line: string) => void,
): Promise<Outcome> {
  const port = await freePort();
  const data = join(folder, 'data');
  const isNew = !existsSync(data);
  if (isNew) mkdirSync(data, { recursive: true });
  else if (!existsSync(join(folder, FILLED))) throw new Error(`${data} is not filled to the end: remove it`);
  const start = async (settings: readonly string[]): Promise<RunningServer> => {
    const server = await startLocalPostgres({ durable: true, port, dataFolder: data, settings });
    if (server === undefined) throw new Error('there are no Postgres binaries here');
    return server;
  };
  const url = new URL(`postgres://postgres@127.0.0.1:${port}/${NAME}`).href;
  if (isNew) {
    let server = await start([...LOADING, ...MEASURING]);
    await withStore(server.url, ({ sql }) => sql.query({ text: `CREATE DATABASE ${NAME}` }));
    await withStore(url, (store) => applyTables(store, bench.plan));
    const restartable = {
      data,
      start: async () => void (server = await start([...LOADING, ...MEASURING])),
      stop: () => server.stop(),
    };
    await load(restartable, url, { ...size, now: Date.now() }, say);
    await server.stop();
    writeFileSync(join(folder, FILLED), `${JSON.stringify(size)}\n`);
  }
  const server = await start(MEASURING);
  try {
    return await measure(bench, server.url, url, size.rows, say);
  } finally {
    await server.stop();
  }
}

async function measure(
  bench: Bench,
  serverUrl: string,
  fullUrl: string,
  rows: number,
  say: (line: string) => void,
): Promise<Outcome> {
  const next = arrivals(bench, rows);
  const set = (name: string, value: string) =>
    withStore(serverUrl, async ({ sql }) => {
      await sql.query({ text: `ALTER SYSTEM SET ${name} = ${value}` });
      await sql.query({ text: 'SELECT pg_reload_conf()' });
    });
  const turn = async ({ full, arrival, what }: Kind): Promise<Round> => {
    const database = full ? undefined : await createDatabase(serverUrl);
    try {
      const url = database?.url ?? fullUrl;
      await withStore(url, (store) => applyTables(store, bench.plan));
      const found = await round(bench, url, next(arrival));
      say(
        `${what}: ${JSON.stringify(found, (_, value: unknown) => (typeof value === 'number' ? Math.round(value) : value))}`,
      );
      return found;
    } finally {
      await database?.drop();
    }
  };
  const found = new Map<string, Round[]>();
  const take = async (kinds: readonly Kind[], suffix: string): Promise<void> => {
    for (const kind of kinds) {
      const name = `${kind.what}${suffix}`;
      found.set(name, [...(found.get(name) ?? []), await turn(kind)]);
    }
  };
  await set('wal_compression', 'off');
  await set('full_page_writes', 'off');
  for (const kind of KINDS.slice(0, 2)) await turn(kind);
  for (let at = 0; at < bench.repeats; at += 1) await take(at % 2 === 0 ? KINDS : KINDS.toReversed(), '');
  await set('full_page_writes', 'on');
  await take(KINDS, ', after a checkpoint');
  await set('wal_compression', 'lz4');
  await take(
    KINDS.filter(({ full }) => full),
    ', after a checkpoint, lz4',
  );
  return {
    figures: [
      ...compared(found),
      ...(await withStore(fullUrl, async (store) => [
        ...(await lookups(store)),
        ...(await lost(store, bench.plan.pipeline)),
        ...(await purge(store, bench.plan.pipeline)),
        ...(await sizes(store)),
      ])),
      ...commands(bench, fullUrl),
    ],
    ratios: [],
  };
}

function compared(found: ReadonlyMap<string, readonly Round[]>): readonly Figure[] {
  const of = (name: string, value: keyof Round): number =>
    median((found.get(name) ?? []).map((each) => each[value]));
  const figures = [...found.keys()].flatMap((name): readonly Figure[] => [
    { id: '', what: name, value: of(name, 'rate'), unit: 'orders/s' },
    { id: '', what: '  processor of the worker', value: of(name, 'worker'), unit: 'µs' },
    { id: '', what: '  processor of Postgres', value: of(name, 'postgres'), unit: 'µs' },
    { id: '', what: '  processor of nats-server, to store', value: of(name, 'stored'), unit: 'µs' },
    { id: '', what: '  processor of nats-server, to hand out', value: of(name, 'delivered'), unit: 'µs' },
    { id: '', what: '  WAL', value: of(name, 'wal'), unit: 'bytes' },
  ]);
  // No promise: how much it is depends on memory and disk.
  const times = (['newest', 'spread'] as const).map((arrival) => ({
    id: '',
    what: `processor of Postgres, ${arrival} keys: full / empty`,
    value: of(`${arrival} keys, full`, 'postgres') / of(`${arrival} keys, empty`, 'postgres'),
    unit: 'times',
  }));
  return [...figures, ...times];
}

async function withStore<T>(url: string, work: (store: PostgresStore) => Promise<T>): Promise<T> {
  const store = openStore({ url, max: 1, log: pinoLog({ level: 'silent' }) });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
