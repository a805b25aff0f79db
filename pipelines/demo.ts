/**
 * `npm run demo`: starts `nomnom dev` on the TPC-H pipeline in a fresh folder, sends all of pipelines/tpch over HTTP,
 * waits until it is at rest, and compares what is in Postgres with the input. Exit status 0 only if they agree.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinoLog } from '../src/adapters/pino-log.ts';
import { openStore } from '../src/adapters/postgres/store.ts';
import { sendFile } from '../src/cli/send-file.ts';
import { processTerminal } from '../src/cli/terminal.ts';
import type { SqlSession } from '../src/sql/postgres/session.ts';
import { expectedRows, inputs } from './demo-input.ts';
import { table } from './demo-table.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const terminal = processTerminal();
const folder = await mkdtemp(join(tmpdir(), 'nomnom-demo-'));

async function demo(): Promise<number> {
  terminal.out(`nomnom dev pipelines/tpch.nom --data ${folder}\n`);
  const dev = await startDev();
  const store = openStore({
    url: dev.database,
    max: 2,
    log: pinoLog({ level: 'silent' }),
    applicationName: 'nomnom demo',
  });
  try {
    const started = performance.now();
    let sent = 0;
    for (const { entity, path } of inputs(root)) {
      let accepted = 0;
      await sendFile({
        path,
        entity,
        url: dev.address,
        terminal,
        inOrder: false,
        wait: 30_000,
        quiet: false,
        onSent(answered) {
          if (answered.refusedCount > 0)
            throw new Error(
              `${answered.refusedCount} messages of ${path} were rejected: ${answered.refused[0]?.message ?? ''}`,
            );
          accepted += answered.accepted;
        },
      });
      terminal.out(`  ${entity}: ${accepted} messages accepted\n`);
      sent += accepted;
    }
    await atRest(store.sql, sent);
    terminal.out(`at rest after ${((performance.now() - started) / 1000).toFixed(1)} s\n\n`);
    return await compare(store.sql, sent);
  } finally {
    await store.close();
    await dev.stop();
  }
}

interface Dev {
  readonly address: string;
  readonly database: string;
  stop(): Promise<void>;
}

/** The command as a user runs it; it says where it listens and where its rows are. */
async function startDev(): Promise<Dev> {
  const child = spawn(
    process.execPath,
    [join(root, 'bin/nomnom'), 'dev', 'pipelines/tpch.nom', '--port', '0', '--data', folder],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  let output = '';
  const ready = new Promise<readonly [string, string]>((resolve) => {
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      const address = /(http:\/\/\S+?)\/ingest\//.exec(output)?.[1];
      const database = /psql '(\S+)'/.exec(output)?.[1];
      if (address !== undefined && database !== undefined) resolve([address, database]);
    });
  });
  const first = await Promise.race([ready, exited]);
  if (!Array.isArray(first)) throw new Error(`nomnom dev ended before it was ready:\n${output}`);
  const [address = '', database = ''] = first;
  return {
    address,
    database,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

const COUNT_STATUSES =
  'SELECT status, count(*)::int AS messages FROM message_status GROUP BY status ORDER BY status';

type Statuses = ReadonlyMap<string, number>;

async function statuses(session: SqlSession): Promise<Statuses> {
  const { rows } = await session.query({ text: COUNT_STATUSES });
  return new Map(rows.map((row) => [String(row['status']), Number(row['messages'])]));
}

/** No message waits, and as many are done as were sent. */
async function atRest(session: SqlSession, sent: number): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const found = await statuses(session);
    const done = ['completed', 'superseded', 'dlq'].reduce(
      (sum, status) => sum + (found.get(status) ?? 0),
      0,
    );
    if (done >= sent) return;
    if (Date.now() > deadline) throw new Error(`after two minutes only ${done} of ${sent} messages are done`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function compare(session: SqlSession, sent: number): Promise<number> {
  const rows: string[][] = [];
  let agree = true;
  for (const [name, expected] of await expectedRows(root)) {
    const result = await session.query({ text: `SELECT count(*)::int AS found FROM ${name}` });
    const found = Number(result.rows[0]?.['found']);
    agree &&= found === expected;
    rows.push([name, String(found), String(expected), found === expected ? 'yes' : 'NO']);
  }
  terminal.out(`${table(['table', 'rows', 'in the input', 'agree'], rows)}\n`);
  const found = await statuses(session);
  terminal.out(
    `${table(
      ['status', 'messages'],
      [...found].map(([status, count]) => [status, String(count)]),
    )}\n`,
  );
  agree &&= found.size === 1 && found.get('completed') === sent;
  terminal.out(
    agree ? 'every row is there, every message is completed\n' : 'the tables do NOT agree with the input\n',
  );
  return agree ? 0 : 1;
}

try {
  process.exitCode = await demo();
} finally {
  await rm(folder, { recursive: true, force: true });
}
