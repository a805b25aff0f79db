import { execFileSync } from 'node:child_process';
import type { PostgresStore } from '../../src/adapters/postgres/store.ts';
import type { Bench } from '../bench.ts';
import { median, percentile, type Figure } from '../figures.ts';
import { DAYS } from './fill.ts';

const DAY = 86_400_000;
const LOOKUPS = 1000;
/** Steps of a walk that are measured; each looks through 2 MB of the table. */
const STEPS = 60;
/** What a worker waits after a step that deleted as much as it may, and after any other, in milliseconds, on average. */
const PAUSES = { behind: 7.5, step: 75 };

/** Ids from all over the table. */
const SOME_IDS = `SELECT message_id FROM message_status TABLESAMPLE SYSTEM (2) ORDER BY random() LIMIT ${LOOKUPS}`;
const PAGES = `SELECT pg_relation_size('message_status') / 8192 AS pages`;
const SIZES = `
SELECT c.relname AS name, c.reltuples AS rows, pg_table_size(c.oid) AS heap, pg_indexes_size(c.oid) AS indexes
FROM pg_class AS c WHERE c.relname IN ('message_status', 'orders', 'order_line_items')`;

/** What somebody asks a full ledger, in the time that passes. */
export async function lookups({ ledger, sql }: PostgresStore): Promise<readonly Figure[]> {
  const ids = (await sql.query({ text: SOME_IDS })).rows.map((row) => String(row['message_id']));
  const times: number[] = [];
  for (const id of ids) {
    const started = performance.now();
    if ((await ledger.readStatus(id)) === undefined) throw new Error('a status is missing');
    times.push(performance.now() - started);
  }
  return [
    { id: '', what: 'a status by its id, median', value: median(times), unit: 'ms' },
    {
      id: '',
      what: 'a status by its id, 99 of 100 are faster than',
      value: percentile(times, 0.99),
      unit: 'ms',
    },
  ];
}

/** The purge of the oldest day, and of what is too young to go. */
export async function purge(store: PostgresStore, pipeline: string): Promise<readonly Figure[]> {
  const keep = (DAYS - 1) * DAY;
  const full: number[] = [];
  const empty: number[] = [];
  let deleted = 0;
  let next: number | undefined = 0;
  const started = performance.now();
  let seconds = 0;
  while (next !== undefined && empty.length < STEPS) {
    const from: number = next;
    const begun = performance.now();
    const made = await store.transaction(({ ledger }) => ledger.purge.statuses(pipeline, keep, from));
    (made.deleted > 0 ? full : empty).push(performance.now() - begun);
    if (made.deleted > 0) seconds = (performance.now() - started) / 1000;
    deleted += made.deleted;
    next = made.next;
  }
  const { rows } = await store.sql.query({ text: PAGES });
  const steps = Number(rows[0]?.['pages']) / 256;
  return [
    { id: '', what: 'statuses of one day, purged', value: deleted, unit: 'rows' },
    { id: '', what: 'the same without the pauses of a worker', value: seconds, unit: 's' },
    { id: '', what: 'the same with them', value: seconds + (full.length * PAUSES.behind) / 1000, unit: 's' },
    { id: '', what: 'a step that deletes, median', value: median(full), unit: 'ms' },
    { id: '', what: 'a step that finds nothing, median', value: median(empty), unit: 'ms' },
    {
      id: '',
      what: 'a walk through all statuses, with pauses',
      value: (steps * (median(empty) + PAUSES.step)) / 1000,
      unit: 's',
    },
  ];
}

/** The search for messages that the queue has lost: the look at the last two minutes, and the walk through all. */
export async function lost(store: PostgresStore, pipeline: string): Promise<readonly Figure[]> {
  const { number, at } = await store.ledger.lost.horizon();
  const looks: number[] = [];
  for (let look = 0; look < STEPS; look += 1) {
    const begun = performance.now();
    await store.ledger.lost.openSince(pipeline, number, at - 120_000);
    looks.push(performance.now() - begun);
  }
  const search = { pipeline, horizon: number, errors: [] };
  const steps: number[] = [];
  let next: number | undefined = 0;
  while (next !== undefined && steps.length < STEPS) {
    const from: number = next;
    const begun = performance.now();
    ({ next } = await store.transaction(({ ledger }) => ledger.lost.markStretch(search, from)));
    steps.push(performance.now() - begun);
  }
  return [
    { id: '', what: 'lost messages: the look at two minutes, median', value: median(looks), unit: 'ms' },
    { id: '', what: 'lost messages: a step of the walk, median', value: median(steps), unit: 'ms' },
  ];
}

/** Commands as somebody runs them, the start of Node included. */
export function commands({ program, file, natsUrl }: Bench, databaseUrl: string): readonly Figure[] {
  return [['status'], ['apply', '--yes'], ['doctor']].map(([command = '', ...flags]) => {
    const times = Array.from({ length: 3 }, () => {
      const begun = performance.now();
      try {
        execFileSync(process.execPath, [program, command, file, ...flags], {
          env: { ...process.env, DATABASE_URL: databaseUrl, NATS_URL: natsUrl },
          stdio: 'ignore',
        });
      } catch (error) {
        // It exits with 1 where something fails, as the settings of a server of a bench.
        if (command !== 'doctor') throw error;
      }
      return (performance.now() - begun) / 1000;
    });
    return { id: '', what: `nomnom ${command}`, value: median(times), unit: 's' };
  });
}

/** Bytes for each row, and of its indexes. */
export async function sizes({ sql }: PostgresStore): Promise<readonly Figure[]> {
  return (await sql.query({ text: SIZES })).rows.flatMap((row) => {
    const rows = Number(row['rows']);
    const figure = (what: string, bytes: unknown): Figure => ({
      id: '',
      what: `${String(row['name'])}: ${what}, ${rows.toLocaleString('en')} rows`,
      value: Number(bytes) / rows,
      unit: 'bytes',
    });
    return [figure('a row', row['heap']), figure('its indexes', row['indexes'])];
  });
}
