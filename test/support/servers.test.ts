import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { freshDatabase } from './database.ts';
import { startLocalNats } from './nats-server.ts';
import { atFreePort } from './process.ts';

const database = await freshDatabase();

test('a test file has an empty database of its own', async () => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(
    `SELECT current_database() AS name, (SELECT count(*)::int FROM pg_class WHERE relnamespace = 'public'::regnamespace) AS tables`,
  );
  await client.end();
  expect(rows[0].tables).toBe(0);
  expect(database.url).toContain(rows[0].name);
});

test('the shared JetStream server answers, and a test can have one of its own', async () => {
  expect(inject('natsUrl')).toMatch(/^nats:\/\//);
  const own = await startLocalNats();
  expect(own?.url).not.toBe(inject('natsUrl'));
  await own?.stop();
});

test('a server whose port somebody else took says so, and another port is tried', async () => {
  const { port } = new URL(inject('natsUrl'));
  await expect(startLocalNats({ port: Number(port) })).rejects.toThrow(/address already in use/);
  const tried: number[] = [];
  const start = async (free: number): Promise<number> => {
    tried.push(free);
    if (tried.length === 1) throw new Error('listen tcp 127.0.0.1:4222: bind: address already in use');
    return free;
  };
  expect(await atFreePort(start)).toBe(tried[1]);
});
