import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { pinoLog } from '../../src/adapters/pino-log.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { freshDatabase } from '../support/database.ts';
import { nomnom, root, startNomnom, type Started } from '../support/nomnom.ts';
import { until } from '../support/until.ts';

/** A pipeline of its own for each run, so that its stream is its own too. */
function pipelineFile(name: string): string {
  const text = readFileSync(join(root, 'pipelines/tpch.nom'), 'utf8');
  const file = join(mkdtempSync(join(tmpdir(), 'nomnom-')), `${name}.nom`);
  const stream = name.toUpperCase();
  writeFileSync(file, text.replaceAll('TPCH', stream).replaceAll('tpch', name));
  return file;
}

/** Standard error without lines of the log: an old server is warned of there. */
function withoutLog(text: string): string {
  return text.replace(/^\{"level":.*\n/gm, '');
}

describe.each(['JetStream', 'Postgres'] as const)('a pipeline over %s, by its commands', async (kind) => {
  const name = `cli_${randomUUID().slice(0, 8)}`;
  const file = pipelineFile(name);
  const database = await freshDatabase();
  const natsUrl = inject('natsUrl');
  const env = { DATABASE_URL: database.url, ...(kind === 'JetStream' ? { NATS_URL: natsUrl } : {}) };
  const store = openStore({ url: database.url, max: 1, log: pinoLog({ level: 'silent' }) });
  const started: Started[] = [];
  afterAll(async () => {
    await Promise.all(started.map((process) => process.stop('SIGKILL')));
    await store.close();
  });
  const start = (...args: readonly string[]): Started => {
    const process = startNomnom(args, { env });
    started.push(process);
    return process;
  };
  let ingest: Started | undefined;
  let worker: Started | undefined;
  let url = '';

  test('no role starts before the tables and streams are there, and each says what fixes it', async () => {
    for (const role of ['ingest', 'worker']) {
      const ran = await nomnom(['run', file, `--role=${role}`, '--port=0'], { env });
      expect(ran.status, role).toBe(1);
      expect(ran.err).toContain(`the live servers differ from ${file}`);
      expect(ran.err).toContain('table orders');
      expect(ran.err).toContain(`nomnom apply ${file}`);
    }
  });

  test('apply changes nothing unless somebody agrees, and shows the statements that it would run', async () => {
    const unasked = await nomnom(['apply', file], { env });
    expect(unasked).toMatchObject({ status: 2, out: '' });
    expect(unasked.err).toContain('confirm with --yes');
    const dry = await nomnom(['apply', file, '--dry-run'], { env });
    expect(dry.status).toBe(0);
    expect(dry.out).toContain('CREATE TABLE message_status');
    expect(dry.out).toContain('CREATE TABLE "orders"');
    expect(dry.out).toMatch(/^-- +NOM90[23] (stream|the queue)/m);
  });

  test('apply creates everything, and a second time finds nothing to do', async () => {
    const first = await nomnom(['apply', file, '--yes'], { env });
    expect({ ...first, err: withoutLog(first.err) }).toMatchObject({ status: 0, err: '' });
    expect(first.out).toContain('orders');
    const second = await nomnom(['apply', file, '--yes'], { env });
    expect({ ...second, err: withoutLog(second.err) }).toMatchObject({ status: 0, err: '' });
    expect(second.out).toContain('nothing to do');
    expect(JSON.parse((await nomnom(['apply', file, '--json'], { env })).out)).toEqual({
      done: [],
      left: [],
    });
  });

  test('the roles start, and what is sent reaches the tables', async () => {
    ingest = start('run', file, '--role=ingest', '--port=0', '--host=127.0.0.1');
    url = (await ingest.printed(/"address":"(http:[^"]+)"/))[1] ?? '';
    worker = start('run', file, '--role', 'worker');
    await worker.printed(/worker started/);
    const sent = await nomnom(['send', file, 'Part', join(root, 'pipelines/tpch/part.ndjson'), '--url', url]);
    expect(sent).toMatchObject({ status: 0, out: '200 accepted, 0 rejected\n' });
    const counts = await until('all parts to be written', async () => {
      const { rows } = await store.sql.query({
        text: `SELECT (SELECT count(*)::int FROM parts) AS parts, (SELECT count(*)::int FROM part_suppliers) AS suppliers,
            (SELECT count(*)::int FROM message_status WHERE status = 'completed') AS completed`,
      });
      return rows[0]?.['completed'] === 200 ? rows[0] : undefined;
    });
    expect(counts).toEqual({ parts: 200, suppliers: 800, completed: 200 });
  });

  test('a refused line is named with its number, and nothing else is lost', async () => {
    const data = join(mkdtempSync(join(tmpdir(), 'nomnom-')), 'region.ndjson');
    writeFileSync(
      data,
      '{"region_key":1,"name":"A"}\n\n{"region_key":"x","name":"B"}\n{"region_key":3,"name":"C"}\n',
    );
    const ran = await nomnom(['send', file, 'Region', data, '--url', url]);
    expect(ran.status).toBe(1);
    expect(ran.out).toContain('2 accepted, 1 rejected');
    expect(ran.out).toContain(`${data}:3 invalid_format at /region_key`);
    const json = await nomnom(['send', file, 'Region', data, '--url', url, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      accepted: 2,
      rejected: 1,
      lines: [{ line: 3, pointer: '/region_key' }],
    });
  });

  test('status says what became of a message', async () => {
    const response = await fetch(`${url}/ingest/Region`, {
      method: 'POST',
      body: '{"region_key":9,"name":"Z"}',
      headers: { 'content-type': 'application/json' },
    });
    const { message_id: id } = (await response.json()) as { readonly message_id: string };
    const done = await until('the message to be completed', async () => {
      const ran = await nomnom(['status', id, '--url', url, '--json']);
      const status =
        ran.status === 0 ? (JSON.parse(ran.out) as { readonly status: string }).status : undefined;
      return status === 'completed' ? ran : undefined;
    });
    expect(JSON.parse(done.out)).toMatchObject({
      message_id: id,
      entity_type: 'Region',
      status: 'completed',
      retry_count: 0,
    });
    expect((await nomnom(['status', id, '--url', url])).out).toMatch(/status +completed/);
    expect((await nomnom(['status', randomUUID(), '--url', url])).status).toBe(1);
    expect((await nomnom(['status', 'no-uuid', '--url', url])).status).toBe(2);
  });

  test('other signals change nothing, and let nobody debug a role', async () => {
    for (const role of [ingest, worker]) {
      role?.child.kill('SIGUSR1');
      for (const signal of ['SIGUSR2', 'SIGHUP'] as const) {
        role?.child.kill(signal);
        await role?.printed(new RegExp(`"signal":"${signal}"`));
      }
      expect(role?.child.exitCode).toBeNull();
      expect(role?.output()).not.toContain('Debugger');
    }
  });

  test('SIGTERM ends both roles with status 0', async () => {
    expect(await Promise.all([ingest?.stop(), worker?.stop()])).toEqual([0, 0]);
  });

  test('no log line holds a body', () => {
    for (const output of [ingest?.output() ?? '', worker?.output() ?? '']) {
      expect(output).not.toContain('goldenrod');
      expect(output).not.toContain('part_key');
    }
  });
});

test.each([
  ['no database', ['run', 'pipelines/tpch.nom', '--role=worker'], {}, 'DATABASE_URL is not set'],
  [
    'an address that is no database',
    ['apply', 'pipelines/tpch.nom'],
    { DATABASE_URL: 'mysql://x' },
    'DATABASE_URL: expected postgres://',
  ],
  [
    'a number that is no port',
    ['run', 'pipelines/tpch.nom', '--role=ingest', '--port=99999'],
    { DATABASE_URL: 'postgres://x/y' },
    '--port: expected a whole number',
  ],
  [
    'an unknown log level',
    ['run', 'pipelines/tpch.nom', '--role=worker'],
    { DATABASE_URL: 'postgres://x/y', LOG_LEVEL: 'loud' },
    'LOG_LEVEL: expected one of',
  ],
  ['no role', ['run', 'pipelines/tpch.nom'], {}, 'which role? pipelines/tpch.nom has ingest, worker'],
  [
    'an unknown role',
    ['run', 'pipelines/tpch.nom', '--role=cook'],
    {},
    'has no role cook: it has ingest, worker',
  ],
] as const)('%s is wrong use: one clear line', async (_what, args, env, message) => {
  const ran = await nomnom(args, { env });
  expect(ran.status).toBe(2);
  expect(ran.err).toContain(message);
  expect(ran.err.trimEnd().split('\n')).toHaveLength(1);
});

test('servers that cannot be reached are named without the password', async () => {
  const env = { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/none' };
  const ran = await nomnom(['apply', 'pipelines/tpch.nom', '--yes'], { env });
  expect(ran.status).toBe(1);
  expect(ran.err).toContain('Postgres cannot be reached');
  expect(ran.err).not.toContain('secret');
});
