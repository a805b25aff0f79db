import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { nomnom, startNomnom, type Started } from './nomnom.ts';
import { until } from './until.ts';

/** A column of each type, values that only the database refuses, versions, lists, sums, deletions and order. */
function programText(name: string): string {
  return `pipeline ${name}
stream ${name.toUpperCase()} { subject ingest = "${name}.ingest.{entity}"  storage: memory }
role ingest { publish ${name.toUpperCase()}.ingest }
role worker { consume ${name.toUpperCase()}.ingest  batch: 20  attempts: 2  backoff: 10ms..20ms }

entity Thing {
  id: uuid
  note: text?
  whole: int
  large: bigint
  exact: decimal(20, 6)
  inexact: float
  flag: bool
  day: date
  clock: time
  moment: timestamp
  bits: bytes
  extra: json
  store things { key (id)  upsert on (id) replace }
}
entity Sale {
  key: bigint
  amount: decimal(12, 2)
  version: bigint
  store sales { key (key)  upsert on (key) newest by version }
}
derive Total from Sale as sale {
  day: int = 1
  amount: decimal(18, 2) = sale.amount
  store totals { key (day)  upsert on (day) add (amount) }
}
entity Move {
  account: bigint
  step: int
  note: text?
  ordered by (account)
  store moves { key (account)  upsert on (account) replace }
}
`;
}

const THINGS = 40;
const SALES = 60;
const MOVES = 40;

/** What no column type refuses and this constraint of the live table does: those messages end as dead letters. */
const FORBID = `ALTER TABLE sales ADD CONSTRAINT no_sevens CHECK (key % 7 <> 0)`;
const ALLOW = `ALTER TABLE sales DROP CONSTRAINT no_sevens`;

function thing(n: number): object {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  return {
    id,
    note:
      n % 5 === 0 ? null : ['NULL', 'back\\slash "quote"', "it's, {braces}", '\u00e9\ud83d\ude80 \n'][n % 4],
    whole: n - 20,
    large: String(9_007_199_254_740_993n + BigInt(n)),
    exact: `${n}.000001`,
    inexact: n / 3,
    flag: n % 2 === 0,
    day: n % 2 === 0 ? '2026-02-03' : '0044-03-15',
    clock: '23:59:59.000001',
    moment: `2026-03-29T02:${String(n % 60).padStart(2, '0')}:01.123456+01:00`,
    bits: Buffer.from([n, 0, 255, 92]).toString('base64'),
    extra: { n, list: [null, 'NULL', 1.5] },
  };
}

function bodies(): readonly (readonly [entity: string, lines: readonly object[]])[] {
  return [
    ['Thing', Array.from({ length: THINGS }, (_, n) => thing(n))],
    ['Sale', Array.from({ length: SALES }, (_, n) => ({ key: n, amount: `${n}.25`, version: 1 }))],
    [
      'Move',
      Array.from({ length: MOVES }, (_, n) => ({
        account: n % 4,
        step: n,
        note: n % 3 === 0 ? null : 'NULL',
      })),
    ],
  ];
}

/** By table the rows as Postgres prints them, in order; and how many messages were dead letters before their replay. */
export type StoredCells = Readonly<Record<string, number | readonly string[]>>;

export interface WholePipeline {
  readonly cells: StoredCells;
  /** Exit statuses of the processes after SIGTERM. */
  readonly status: readonly (number | null)[];
  readonly log: string;
}

export interface PipelineOptions {
  /** Where the commands connect to. */
  readonly databaseUrl: string;
  /** The same database for the test itself, without anything in between. */
  readonly directUrl: string;
  readonly natsUrl: string | undefined;
}

/**
 * Runs a pipeline by its commands, with one ingest process and two workers: apply, messages, dead letters, their replay.
 * Gives every cell that was stored, as a session with the default settings prints it, and what the processes logged.
 */
export async function runWholePipeline({
  databaseUrl,
  directUrl,
  natsUrl,
}: PipelineOptions): Promise<WholePipeline> {
  const name = `whole_${randomUUID().slice(0, 8)}`;
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-'));
  const file = join(folder, `${name}.nom`);
  writeFileSync(file, programText(name));
  const env = { DATABASE_URL: databaseUrl, ...(natsUrl === undefined ? {} : { NATS_URL: natsUrl }) };
  const client = new Client({ connectionString: directUrl, options: DEFAULTS });
  const started: Started[] = [];
  const start = (...args: readonly string[]): Started => {
    const process = startNomnom(args, { env });
    started.push(process);
    return process;
  };
  const command = async (...args: readonly string[]) => {
    const ran = await nomnom(args, { env });
    if (ran.status !== 0) throw new Error(`nomnom ${args.join(' ')} ended with ${ran.status}: ${ran.err}`);
    return ran.out;
  };
  const settled = (what: string, counts: Readonly<Record<string, number>>) =>
    until(
      what,
      async () => {
        const { rows } = await client.query(
          'SELECT status, count(*)::int AS n FROM message_status GROUP BY 1',
        );
        const found = Object.fromEntries(rows.map((row) => [row.status, row.n]));
        return Object.entries(counts).every(([status, n]) => found[status] === n);
      },
      { within: 60_000 },
    );
  try {
    await client.connect();
    await command('apply', file, '--yes');
    await client.query(FORBID);
    const ingest = start('run', file, '--role=ingest', '--port=0', '--host=127.0.0.1');
    const url = (await ingest.printed(/"address":"(http:[^"]+)"/))[1] ?? '';
    const workers = [start('run', file, '--role=worker'), start('run', file, '--role=worker')];
    await Promise.all(workers.map((worker) => worker.printed(/worker started/)));
    for (const [entity, lines] of bodies()) {
      const data = join(folder, `${entity}.ndjson`);
      writeFileSync(data, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await command('send', file, entity, data, '--url', url);
    }
    const dead = Math.ceil(SALES / 7);
    const all = THINGS + SALES + MOVES;
    await settled('all messages to be settled', { completed: all - dead, dlq: dead });
    const letters = JSON.parse(await command('dlq', 'list', file, '--json')) as readonly object[];
    await client.query(ALLOW);
    await command('dlq', 'replay', file, '--all', '--yes');
    await settled('the replayed messages to be written', { completed: all });
    const cells: Record<string, number | readonly string[]> = { letters: letters.length };
    for (const table of ['things', 'sales', 'totals', 'moves'])
      cells[table] = (await client.query(`SELECT t::text AS row FROM ${table} AS t ORDER BY 1`)).rows.map(
        ({ row }) => row as string,
      );
    const status = await Promise.all(started.map((process) => process.stop()));
    return { cells, status, log: started.map((process) => process.output()).join('') };
  } finally {
    await Promise.all(started.map((process) => process.stop('SIGKILL')));
    await client.end();
  }
}

/** The server's own defaults, whatever the database has. */
const DEFAULTS = [
  'TimeZone=UTC',
  'DateStyle=ISO,MDY',
  'IntervalStyle=postgres',
  'bytea_output=hex',
  'extra_float_digits=1',
  'statement_timeout=0',
  'lock_timeout=0',
  'idle_session_timeout=0',
  'exit_on_error=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');
