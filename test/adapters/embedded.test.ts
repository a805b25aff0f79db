import { fork, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Embedded, openEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { lockFolder } from '../../src/adapters/embedded/folder-lock.ts';
import { newEmbeddedFolder } from '../support/embedded-folder.ts';
import { freePort } from '../support/process.ts';
import { until } from '../support/until.ts';
import { failureOf } from '../support/failure-of.ts';

const copies: string[] = [];

const embedded = await openEmbedded({ directory: await databaseFolder() });

afterAll(async () => {
  await embedded.close();
  await Promise.all(copies.map((path) => rm(path, { recursive: true, force: true })));
});

/** The folder of an empty database. */
async function databaseFolder(): Promise<string> {
  const path = await newEmbeddedFolder();
  copies.push(path);
  return path;
}

async function emptyFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'nomnom-lock-'));
  copies.push(path);
  return path;
}

async function open(directory: string): Promise<Embedded> {
  const opened = await openEmbedded({ directory });
  onTestFinished(() => opened.close());
  return opened;
}

async function connect({ url }: { url: string }): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

describe('the embedded Postgres', () => {
  test('rows are there again after it was closed and opened', async () => {
    const directory = await databaseFolder();
    const first = await openEmbedded({ directory });
    const client = await connect(first);
    await client.query('CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)');
    await first.close();
    const again = await connect(await open(directory));
    expect((await again.query('SELECT id FROM kept')).rows).toEqual([{ id: 1 }]);
  });

  test('committed rows survive the sudden death of the process', async () => {
    const directory = await databaseFolder();
    const script = join(directory, 'die.ts');
    const module = new URL('../../src/adapters/embedded/embedded.ts', import.meta.url);
    await writeFile(
      script,
      `import { openEmbedded } from ${JSON.stringify(module.href)};
       const { url } = await openEmbedded({ directory: ${JSON.stringify(directory)} });
       process.send(url);`,
    );
    const child = fork(script, { stdio: 'ignore' });
    const died = new Promise((resolve) => child.once('exit', resolve));
    onTestFinished(() => void child.kill('SIGKILL'));
    const url = await new Promise<string>((resolve) =>
      child.once('message', (message) => resolve(message as string)),
    );
    const client = await connect({ url });
    await client.query('CREATE TABLE kept (id int); INSERT INTO kept SELECT generate_series(1, 1000)');
    child.kill('SIGKILL');
    await died;
    const again = await connect(await open(directory));
    expect((await again.query('SELECT count(*)::int AS n FROM kept')).rows).toEqual([{ n: 1000 }]);
  });

  test('transactions of several clients do not see or touch each other', async () => {
    const clients = await Promise.all([1, 2, 3, 4].map(() => connect(embedded)));
    await clients[0]?.query(
      'CREATE TABLE account (id int PRIMARY KEY, n int); INSERT INTO account VALUES (1, 0)',
    );
    const rounds = 40;
    await Promise.all(
      clients.map(async (client) => {
        for (let round = 0; round < rounds; round += 1) {
          await client.query('BEGIN');
          const { rows } = await client.query('SELECT n FROM account WHERE id = $1', [1]);
          await new Promise((resolve) => setImmediate(resolve));
          await client.query('UPDATE account SET n = $1 WHERE id = 1', [rows[0].n + 1]);
          await client.query(round % 4 === 3 ? 'ROLLBACK' : 'COMMIT');
        }
      }),
    );
    const { rows } = (await clients[0]?.query('SELECT n FROM account')) ?? { rows: [] };
    expect(rows).toEqual([{ n: (clients.length * rounds * 3) / 4 }]);
  });

  test('each client gets the answers to its own statements, large and failing ones among them', async () => {
    const clients = await Promise.all([0, 1, 2, 3].map(() => connect(embedded)));
    const padding = 'x'.repeat(100_000);
    const ask = async (client: Client, who: number, turn: number) => {
      if (who < 2 && turn % 3 === 0) {
        const refusal: unknown = await client
          .query('SELECT ($1::text)::int', ['no number'])
          .catch((error) => error);
        return { who, turn, code: (refusal as { code?: string }).code };
      }
      const text = `SELECT ${who} AS who, $1::int AS turn, $2::text AS padding`;
      const { rows } = await client.query(text, [turn, padding]);
      return rows[0];
    };
    const answers = await Promise.all(
      clients.map(async (client, who) => {
        const mine: unknown[] = [];
        for (let turn = 0; turn < 60; turn += 1) mine.push(await ask(client, who, turn));
        return mine;
      }),
    );
    const expected = clients.map((_, who) =>
      Array.from({ length: 60 }, (_unused, turn) =>
        who < 2 && turn % 3 === 0 ? { who, turn, code: '22P02' } : { who, turn, padding },
      ),
    );
    expect(answers).toEqual(expected);
  });

  test('clients may give the same name to different prepared statements', async () => {
    const clients = await Promise.all([0, 1, 2].map(() => connect(embedded)));
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(
        clients.map((client, who) =>
          client.query({ name: 'same', text: `SELECT ${who} + $1::int AS sum`, values: [round] }),
        ),
      );
      expect(answers.map(({ rows }) => rows[0].sum)).toEqual([round, round + 1, round + 2]);
    }
  });

  test('a client that goes away in a transaction leaves nothing behind and holds nobody up', async () => {
    const other = await connect(embedded);
    await other.query('CREATE TABLE item (id int)');
    const leaver = new Client({ connectionString: embedded.url });
    leaver.on('error', () => {});
    await leaver.connect();
    await leaver.query('BEGIN');
    await leaver.query('INSERT INTO item VALUES (1)');
    const waiting = other.query('SELECT count(*)::int AS n FROM item');
    await leaver.end();
    expect((await waiting).rows).toEqual([{ n: 0 }]);
  });

  test('COPY FROM STDIN is refused as not supported, and the next statement works', async () => {
    const client = await connect(embedded);
    await client.query('CREATE TABLE target (id int)');
    await expect(client.query('COPY target FROM STDIN')).rejects.toMatchObject({ code: '0A000' });
    await expect(client.query({ name: 'copy', text: 'copy target (id) from stdin' })).rejects.toMatchObject({
      code: '0A000',
    });
    expect((await client.query('SELECT count(*)::int AS n FROM target')).rows).toEqual([{ n: 0 }]);
  });

  test('a second process cannot open the folder, and is told who has it', async () => {
    const directory = await databaseFolder();
    const first = await openEmbedded({ directory });
    const failure = await failureOf(openEmbedded({ directory }));
    expect(failure.code).toBe('FOLDER_LOCKED');
    expect(failure.message).toContain(String(process.pid));
    expect(failure.message).toContain(directory);
    await first.close();
    await (await open(directory)).close();
  });

  test('a taken port is PORT_IN_USE, and the folder is free again', async () => {
    const directory = await databaseFolder();
    const port = Number(new URL(embedded.url).port);
    expect((await failureOf(openEmbedded({ directory, port }))).code).toBe('PORT_IN_USE');
    const other = await openEmbedded({ directory, port: await freePort() });
    await other.close();
  });
});

describe('the lock of a folder', () => {
  async function lockFile(directory: string, holder: object): Promise<void> {
    await writeFile(join(directory, 'nomnom.lock'), JSON.stringify(holder));
  }

  test('of a process that has ended is taken over', async () => {
    const directory = await emptyFolder();
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('exit', resolve));
    await until('the process to be gone', () => !alive(child.pid ?? 0));
    await lockFile(directory, { pid: child.pid, host: hostname(), started: 'long ago' });
    const lock = await lockFolder(directory);
    expect(JSON.parse(await readFile(join(directory, 'nomnom.lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    await lock.release();
  });

  test('is taken over where another process has got the number of its holder since', async () => {
    const directory = await emptyFolder();
    await lockFile(directory, { pid: process.ppid, host: hostname(), started: 'another start' });
    const lock = await lockFolder(directory);
    expect(JSON.parse(await readFile(join(directory, 'nomnom.lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    await lock.release();
  });

  test('of another machine counts while it is renewed', async () => {
    const directory = await emptyFolder();
    await lockFile(directory, { pid: 7, host: 'elsewhere', started: '' });
    const failure = await failureOf(lockFolder(directory));
    expect(failure.message).toContain('process 7 on elsewhere');
  });

  test('goes to one of many that want it at once', async () => {
    const directory = await emptyFolder();
    await lockFile(directory, { pid: 999_999_999, host: hostname(), started: '' });
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(directory)));
    const winners = tries.filter((each) => each.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    await winners[0]?.value.release();
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
