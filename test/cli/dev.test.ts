import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pinoLog } from '../../src/adapters/pino-log.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { embeddedFolder } from '../support/embedded-folder.ts';
import { nomnom, startNomnom, type Started } from '../support/nomnom.ts';
import { freePort } from '../support/process.ts';
import { until } from '../support/until.ts';

const shell = promisify(execFile);

describe('nomnom dev, with nothing set up', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-dev-'));
  const args = ['dev', 'test/examples/tpch.nom', '--port', '0', '--data', folder];
  let dev: Started;
  const ready = async (): Promise<{
    readonly curl: string;
    readonly address: string;
    readonly database: string;
  }> => {
    const [curl = ''] = await dev.printed(/curl -X POST .*/);
    const database = (await dev.printed(/psql '(\S+)'/))[1] ?? '';
    return { curl, address: /http:\/\/[^/\s]+/.exec(curl)?.[0] ?? '', database };
  };
  beforeAll(() => {
    dev = startNomnom(args);
  });
  afterAll(async () => {
    await dev.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  test('the curl that it prints is accepted as it stands, and its row arrives', async () => {
    const { curl, address, database } = await ready();
    const { stdout } = await shell('/bin/sh', ['-c', `${curl} --silent`]);
    const { message_id: id, status } = JSON.parse(stdout) as Readonly<Record<string, string>>;
    expect(status).toBe('accepted');
    await until('the message to be completed', async () => {
      const response = await fetch(`${address}/status/${id}`);
      return response.ok && ((await response.json()) as { status: string }).status === 'completed';
    });
    const store = openStore({ url: database, max: 1, log: pinoLog({ level: 'silent' }) });
    const { rows } = await store.sql.query({ text: 'SELECT count(*)::int AS rows FROM customers' });
    await store.close();
    expect(rows).toEqual([{ rows: 1 }]);
  });

  test('status shows the pipeline at a glance', async () => {
    const { database } = await ready();
    const { status, out } = await nomnom(['status', 'test/examples/tpch.nom', '--database-url', database]);
    expect(status).toBe(0);
    expect(out).toMatch(/^ {2}ingest +1 +\S+ \(this file\) +\d+ s ago$/m);
    expect(out).toMatch(/^ {2}TPCH +tpch_worker_ingest +0 +-$/m);
  });

  test('a second process on the same folder is refused, and says which one has it', async () => {
    const second = await nomnom(args);
    expect(second.status).toBe(1);
    expect(second.err).toContain(`${dev.child.pid}`);
  });

  test('SIGTERM ends it with status 0, and the rows are there when it starts again', async () => {
    expect(await dev.stop()).toBe(0);
    dev = startNomnom(args);
    const { database } = await ready();
    const store = openStore({ url: database, max: 1, log: pinoLog({ level: 'silent' }) });
    const { rows } = await store.sql.query({ text: 'SELECT count(*)::int AS rows FROM customers' });
    await store.close();
    expect(rows).toEqual([{ rows: 1 }]);
  });
});

const made = [await embeddedFolder(), await embeddedFolder()] as const;

test('several roles that accept messages run beside each other, each with a port and a curl of its own', async () => {
  const [folder] = made;
  const file = join(folder, 'two.nom');
  // Apart, all of them could have the same port.
  const roles = ['one', 'two', 'three'].map(
    (name) =>
      `stream S_${name} { subject all = "${name}.all.{entity}" }\nrole in_${name} { publish S_${name}.all }\n` +
      `role work_${name} { consume S_${name}.all  port: 8080 }\n`,
  );
  writeFileSync(file, `${roles.join('')}entity E { id: int  store es { key (id)  upsert on (id) } }\n`);
  const port = await freePort();
  const dev = startNomnom(['dev', file, '--port', String(port), '--data', folder]);
  try {
    await dev.printed(/stop with Ctrl-C/);
    const shown = [
      ...dev
        .output()
        .matchAll(/send the first message to (\w+):\n *(curl -X POST http:\/\/127\.0\.0\.1:(\d+).*)/g),
    ];
    expect(shown.map(([, role]) => role)).toEqual(['in_one', 'in_two', 'in_three']);
    const ports = shown.map(([, , , at]) => Number(at));
    expect(ports[0]).toBe(port);
    expect(ports).toEqual([...new Set(ports)].toSorted((left, right) => left - right));
    for (const [, , curl] of shown) {
      const { stdout } = await shell('/bin/sh', ['-c', `${curl} --silent`]);
      expect(JSON.parse(stdout)).toMatchObject({ status: 'accepted' });
    }
    expect(await dev.stop()).toBe(0);
  } finally {
    await dev.stop('SIGKILL');
  }
});

test('a port that another process has is said, and not replaced', async () => {
  const [, folder] = made;
  const port = await freePort();
  const other = createServer().listen(port, '127.0.0.1');
  const data = join(folder, 'untouched');
  const ran = await nomnom(['dev', 'test/examples/tpch.nom', '--port', String(port), '--data', data]);
  other.close();
  expect(ran).toMatchObject({ status: 1, err: expect.stringContaining(`the port is taken: ${port}`) });
  // Nobody waits for a Postgres that is of no use then.
  expect(existsSync(data)).toBe(false);
});

test('a signal during the start ends it with status 0, and says nothing of a server', async () => {
  const data = join(made[1], 'stopped');
  const dev = startNomnom(['dev', 'test/examples/tpch.nom', '--port', '0', '--data', data]);
  // Its Postgres is being made now, which takes seconds.
  await until('the start of Postgres', async () => existsSync(join(data, 'postgres', 'unfinished')));
  expect(await dev.stop('SIGINT')).toBe(0);
  expect(dev.output()).toMatch(/^starting an embedded Postgres in \S+\n\nstopping\n$/);
});

test('a program that does not pass is not started', async () => {
  const ran = await nomnom(['dev', 'test/examples/rejected/maybe-null.nom', '--port', '0']);
  expect(ran).toMatchObject({ status: 1, out: '' });
  expect(ran.err).toContain('error[NOM302]');
});
