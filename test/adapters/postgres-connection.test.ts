import { chmodSync, chownSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { openStore, type PostgresStore } from '../../src/adapters/postgres/store.ts';
import { certificateAuthority, certificateFolder } from '../support/certificates.ts';
import { failureOf } from '../support/failure-of.ts';
import { memoryLog } from '../support/memory-log.ts';
import { startLocalPostgres } from '../support/postgres-server.ts';
import { findUser, freePort, isRoot } from '../support/process.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';

const folder = certificateFolder();
const authority = certificateAuthority(folder, 'authority');
const stranger = certificateAuthority(folder, 'stranger');
const certificate = authority.sign({ common: 'localhost', hosts: 'DNS:localhost' });
const bob = authority.sign({ common: 'bob' });

/** Postgres reads only what is its user's own. */
const readable = mkdtempSync(join(tmpdir(), 'nomnom-readable-'));
afterAll(() => rmSync(readable, { recursive: true, force: true }));
const owner = isRoot() ? findUser(['postgres', 'nobody']) : undefined;
const own = (name: string, from: string): string => {
  const path = join(readable, name);
  copyFileSync(from, path);
  chmodSync(path, 0o600);
  if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
  return path;
};
if (owner !== undefined) chownSync(readable, owner.uid, owner.gid);
const rules = join(folder, 'rules');
writeFileSync(
  rules,
  [
    'host all postgres 127.0.0.1/32 trust',
    'hostssl all alice 127.0.0.1/32 scram-sha-256',
    'hostssl all bob 127.0.0.1/32 cert',
    'hostnossl all carol 127.0.0.1/32 scram-sha-256',
    'hostssl all dave 127.0.0.1/32 password',
  ].join('\n'),
);
const server = await startLocalPostgres({
  settings: [
    'ssl=on',
    `ssl_cert_file=${own('server.crt', certificate.certificate)}`,
    `ssl_key_file=${own('server.key', certificate.key)}`,
    `ssl_ca_file=${own('ca.crt', authority.certificate)}`,
    `hba_file=${own('rules', rules)}`,
  ],
});
if (server === undefined) throw new Error('install Postgres');
afterAll(() => server.stop());
const port = new URL(server.url).port;

function open(url: string): PostgresStore {
  const store = openStore({ url, max: 1, log: memoryLog() });
  onTestFinished(() => store.close());
  return store;
}

const SEEN = `SELECT current_user AS who, ssl, coalesce(client_dn, '') AS dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()`;

async function seen(url: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await open(url).sql.query({ text: SEEN })).rows[0];
}

const admin = openStore({ url: server.url, max: 1, log: memoryLog() });
afterAll(() => admin.close());
for (const user of ['alice', 'carol', 'dave']) {
  await admin.sql.query({ text: `CREATE ROLE ${user} LOGIN PASSWORD 'pa:ss/${user}'` });
}
await admin.sql.query({ text: 'CREATE ROLE bob LOGIN' });

const as = (user: string, host = 'localhost'): string =>
  `postgres://${user}:${encodeURIComponent(`pa:ss/${user}`)}@${host}:${port}/postgres`;
const trusted = `sslmode=verify-full&sslrootcert=${authority.certificate}`;

describe('a server that asks for TLS', () => {
  it('gets a password over TLS, bound to the certificate', async () => {
    expect(await seen(`${as('alice')}?${trusted}&channel_binding=require`)).toMatchObject({
      who: 'alice',
      ssl: true,
    });
  });

  it('gets TLS also where nobody says so, as from psql', async () => {
    expect(await seen(as('alice'))).toMatchObject({ ssl: true });
  });

  it('knows the owner of a certificate', async () => {
    const url = `postgres://bob@localhost:${port}/postgres?${trusted}&sslcert=${bob.certificate}&sslkey=${bob.key}`;
    expect(await seen(url)).toMatchObject({ who: 'bob', ssl: true, dn: '/CN=bob' });
  });

  it.each([
    ['another authority', `sslmode=verify-full&sslrootcert=${stranger.certificate}`],
    ['another authority, whatever the name', `sslmode=verify-ca&sslrootcert=${stranger.certificate}`],
    ['another authority, where one is named', `sslmode=require&sslrootcert=${stranger.certificate}`],
    ['the authorities of the machine', 'sslrootcert=system'],
  ])('is refused where only %s is trusted', async (_name, query) => {
    const { code, message } = await failureOf(seen(`${as('alice')}?${query}`));
    expect({ code, message }).toEqual({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringMatching(/certificate/),
    });
  });

  it('is refused by verify-full under a name that is not in its certificate, and not by verify-ca', async () => {
    const url = as('alice', '127.0.0.1');
    const { code, message } = await failureOf(seen(`${url}?${trusted}`));
    expect({ code, message }).toEqual({
      code: 'STORE_MISCONFIGURED',
      message: expect.stringContaining("does not match certificate's altnames"),
    });
    expect(await seen(`${url}?${trusted.replace('verify-full', 'verify-ca')}`)).toMatchObject({ ssl: true });
  });

  it('says what is missing where it is not there', async () => {
    const missing = `${as('alice')}?sslmode=verify-full&sslrootcert=/nowhere/ca.crt`;
    expect((await failureOf(seen(missing))).message).toContain('/nowhere/ca.crt cannot be read');
    const disabled = await failureOf(seen(`${as('alice')}?sslmode=disable`));
    expect(disabled).toMatchObject({ code: 'STORE_MISCONFIGURED' });
    const wrong = await failureOf(seen(as('alice').replace('alice@', 'wrong@')));
    expect(wrong.message).toMatch(/^Postgres refused the user: password authentication failed/);
    const elsewhere = await failureOf(seen(as('alice').replace(/\/[^/?]*(?=$|\?)/, '/nowhere')));
    expect(elsewhere.message).toMatch(/^Postgres has no such database: .*database "nowhere" does not exist/);
  });

  it('gets no password in the clear where channel binding is required', async () => {
    expect(await seen(`${as('dave')}?${trusted}`)).toMatchObject({ who: 'dave' });
    const { message } = await failureOf(seen(`${as('dave')}?${trusted}&channel_binding=require`));
    expect(message).toContain('channel_binding=require');
  });
});

it('falls back to no encryption by default only, where the server wants none', async () => {
  expect(await seen(as('carol'))).toMatchObject({ who: 'carol', ssl: false });
  expect(await failureOf(seen(`${as('carol')}?sslmode=require`))).toMatchObject({
    code: 'STORE_MISCONFIGURED',
  });
});

describe('several hosts', () => {
  it('are tried in turn, again after each loss', async () => {
    const proxies = await Promise.all([openTcpProxy(server.url), openTcpProxy(server.url)]);
    for (const proxy of proxies) onTestFinished(() => proxy.close());
    const [first, second] = proxies;
    const nobody = await freePort();
    const hosts = [nobody, first.port, second.port].map((each) => `127.0.0.1:${each}`);
    const store = open(`postgres://postgres@${hosts.join(',')}/postgres`);
    const answers = () => store.sql.query({ text: SEEN }).then(({ rows }) => rows.length);
    expect(await answers()).toBe(1);
    await first.cut();
    await answers().catch(() => {});
    expect(await answers()).toBe(1);
    await first.restore();
    await second.cut();
    await answers().catch(() => {});
    expect(await answers()).toBe(1);
  });

  it('are passed by where they take no writes', async () => {
    await admin.sql.query({ text: `CREATE DATABASE shop` });
    const hosts = `postgres@127.0.0.1:${port},127.0.0.1:${port}`;
    await admin.sql.query({ text: `ALTER DATABASE shop SET default_transaction_read_only = on` });
    expect((await failureOf(seen(`postgres://${hosts}/shop`))).message).toContain('takes no writes');
    expect(await seen(`postgres://${hosts}/shop?target_session_attrs=any`)).toMatchObject({
      who: 'postgres',
    });
  });

  it('are all named where none answers', async () => {
    const nobody = await freePort();
    const { code, message } = await failureOf(
      seen(`postgres://u:secret@127.0.0.1:${nobody},localhost:${nobody}/d`),
    );
    expect(code).toBe('STORE_UNAVAILABLE');
    expect(message).not.toContain('secret');
  });
});
