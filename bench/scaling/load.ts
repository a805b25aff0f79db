import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import { Client } from 'pg';
import { fillings, type Size } from './fill.ts';
import { pagesOf, readTemplate, segmentsOf, writeVisibility } from './pages.ts';
import type { SegmentOrder } from './segment-writer.ts';

/** A server that can be stopped and started again, and the folder of its data. */
export interface Restartable {
  readonly data: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Files that are written at the same time. */
const WRITERS = 6;
const INDEXES = `SELECT indexrelid::regclass AS name FROM pg_index WHERE indrelid = ANY ($1::regclass[])`;

/**
 * Fills the tables of a database to which `pipelines/tpch.nom` was applied: pages are written while the server is stopped,
 * then the indexes are made, each over a connection of its own. `say` hears how far it is.
 */
export async function load(
  server: Restartable,
  url: string,
  size: Size,
  say: (line: string) => void,
): Promise<void> {
  const started = performance.now();
  const timed = (line: string): void =>
    say(`${((performance.now() - started) / 1000).toFixed(0)} s: ${line}`);
  const all = fillings(size);
  const tables = all.map(({ table }) => table);
  const files = [];
  for (const filling of all) {
    const name = `sample_of_${filling.table}`;
    const [columns, values] = filling.sample;
    const [paths] = await run(url, [
      `CREATE TABLE ${name} (LIKE ${filling.table} INCLUDING DEFAULTS) ${filling.storage}`,
      `INSERT INTO ${name} (${columns}) SELECT ${values} FROM generate_series(1, 500)`,
      `VACUUM (FREEZE) ${name}`,
      `SELECT pg_relation_filepath('${name}') AS sample, pg_relation_filepath('${filling.table}') AS path`,
    ]);
    const path = (column: string): string => join(server.data, String(paths?.[column]));
    files.push({ ...filling, path: path('path'), sample: path('sample') });
  }
  await run(url, ['CHECKPOINT']);
  await server.stop();
  const limit = pLimit(WRITERS);
  await Promise.all(
    files.map(async ({ table, path, sample, marks, rows }) => {
      const pages = pagesOf(readTemplate(sample, marks), rows);
      writeVisibility(path, sample, pages);
      await Promise.all(
        Array.from({ length: segmentsOf(pages) }, (_, segment) =>
          limit(() => written({ size, table, path, sample, segment })),
        ),
      );
      timed(`${pages} pages of ${table}`);
    }),
  );
  await server.start();
  await run(url, [`DROP TABLE ${tables.map((table) => `sample_of_${table}`).join(', ')}`]);
  const indexes = await run(url, [INDEXES], [tables]);
  await together(indexes.map(({ name }) => `REINDEX INDEX ${String(name)}`));
  await together(tables.map((table) => `ANALYZE ${table}`));
  await run(url, ['CHECKPOINT']);

  async function together(statements: readonly string[]): Promise<void> {
    await Promise.all(
      statements.map(async (statement) => {
        await run(url, [statement]);
        timed(statement);
      }),
    );
  }
}

function written(order: SegmentOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('segment-writer.ts', import.meta.url), { workerData: order });
    thread.on('error', reject);
    thread.on('exit', () => resolve());
  });
}

type Result = Readonly<Record<string, unknown>>;

/** Runs the statements over one connection, one after the other. Gives the rows of the last one. */
async function run(
  connectionString: string,
  statements: readonly string[],
  values?: readonly unknown[],
): Promise<readonly Result[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    let rows: readonly Result[] = [];
    for (const statement of statements)
      ({ rows } = await client.query<Result>(statement, values === undefined ? undefined : [...values]));
    return rows;
  } finally {
    await client.end();
  }
}
