import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nkeys } from '@nats-io/transport-node';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { NatsAccess } from '../../src/adapters/jetstream/access.ts';
import { openLink } from '../../src/adapters/jetstream/link.ts';
import { certificateAuthority, certificateFolder } from '../support/certificates.ts';
import { fakeNats, type FakeNats } from '../support/fake-nats.ts';
import { failureOf } from '../support/failure-of.ts';
import { memoryLog } from '../support/memory-log.ts';
import { startLocalNats } from '../support/nats-server.ts';

const folder = certificateFolder();
const authority = certificateAuthority(folder, 'authority');
const stranger = certificateAuthority(folder, 'stranger');
const server = authority.sign({ common: 'localhost', hosts: 'DNS:localhost' });
const byAddress = authority.sign({ common: 'nats', hosts: 'IP:127.0.0.1' });
const person = authority.sign({ common: 'nomnom' });

async function fake(tls?: Parameters<typeof fakeNats>[0]): Promise<FakeNats> {
  const nats = await fakeNats(tls);
  onTestFinished(() => nats.close());
  return nats;
}

/** Whether the server takes the connection; rejects with why not. */
async function connects(url: string, access: NatsAccess = {}): Promise<boolean> {
  const link = await openLink({ url, access, log: memoryLog(), name: 'test' });
  await link.close();
  return true;
}

function refusal(
  url: string,
  access: NatsAccess = {},
): Promise<{ code: string; message: string; help: string }> {
  return failureOf(connects(url, access));
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('a server without TLS', () => {
  it.each<readonly [string, (port: number) => readonly [string, NatsAccess]]>([
    ['tls:// in the URL', (port) => [`tls://alice:secret@127.0.0.1:${port}`, {}]],
    [
      'tls:// in one of several URLs',
      (port) => [`nats://alice:secret@127.0.0.1:${port},tls://127.0.0.1:${port}`, {}],
    ],
    ['an authority', (port) => [`nats://alice:secret@127.0.0.1:${port}`, { caFile: authority.certificate }]],
  ])('gets nothing where TLS is demanded by %s', async (_name, of) => {
    const nats = await fake();
    const { code, message } = await refusal(...of(nats.port));
    expect(nats.received()).toBe('');
    expect(code).toBe('QUEUE_MISCONFIGURED');
    expect(message).toContain('does not offer TLS');
    expect(message).not.toContain('secret');
  });

  it.each([
    ['a user', 'nats://alice:s%40c@', {}, { user: 'alice', pass: 's@c' }],
    ['a token', 'nats://t0ken@', {}, { auth_token: 't0ken' }],
    ['a user beside the URL', 'nats://', { user: 'bob', password: 'pw' }, { user: 'bob', pass: 'pw' }],
    ['a token beside the URL', 'nats://', { token: 't' }, { auth_token: 't' }],
  ])('gets %s where nobody demands TLS', async (_name, prefix, access, sent) => {
    const nats = await fake();
    await connects(`${prefix}127.0.0.1:${nats.port}`, access);
    const line = /CONNECT (\{.*\})/.exec(nats.received())?.[1] ?? '{}';
    expect(JSON.parse(line)).toMatchObject(sent);
  });
});

it('begins with TLS where the server does', async () => {
  const nats = await fake({ cert: readFileSync(server.certificate), key: readFileSync(server.key) });
  const access = { caFile: authority.certificate, tlsFirst: true };
  await connects(`tls://alice:secret@localhost:${nats.port}`, access);
  expect(nats.received()).toContain('"pass":"secret"');
});

describe('a real server with accounts that asks for a certificate', async () => {
  const key = nkeys.createUser();
  const seed = new TextDecoder().decode(key.getSeed());
  const running = await startLocalNats({
    extra: `
tls { cert_file: "${server.certificate}", key_file: "${server.key}", ca_file: "${authority.certificate}", verify: true }
accounts {
  SHOP { jetstream: enabled, users: [{ user: alice, password: "p@ss" }, { nkey: ${key.getPublicKey()} }] }
  SYS { users: [{ user: sys, password: sys }] }
}
system_account: SYS`,
  });
  if (running === undefined) throw new Error('install nats-server');
  afterAll(() => running.stop());
  const host = running.url.replace('nats://127.0.0.1', 'localhost');
  const tls: NatsAccess = {
    caFile: authority.certificate,
    certFile: person.certificate,
    keyFile: person.key,
  };

  it('takes a user and a password', async () => {
    expect(await connects(`tls://alice:p%40ss@${host}`, tls)).toBe(true);
  });

  it('takes the seed of an nkey', async () => {
    expect(await connects(`tls://${host}`, { ...tls, nkeyFile: file('user.nk', `# shop\n${seed}\n`) })).toBe(
      true,
    );
  });

  it.each([
    ['a wrong password', { user: 'alice', password: 'wrong' }, 'refuses the credentials', 'NATS_PASSWORD'],
    ['a wrong authority', { caFile: stranger.certificate }, 'certificate', 'NATS_CA'],
    ['a file that is not there', { nkeyFile: '/nowhere/user.nk' }, '/nowhere/user.nk', 'this file'],
    ['a file without a seed', { nkeyFile: file('empty.nk', 'nothing\n') }, 'holds no nkey seed', 'this file'],
  ])('refuses %s, and says what to do', async (_name, wrong, told, remedy) => {
    const access = { user: 'alice', password: 'p@ss', ...tls, ...wrong };
    const present = Object.fromEntries(Object.entries(access).filter(([, value]) => value !== undefined));
    const { message, help } = await refusal(`tls://${host}`, present);
    expect(message).toContain(told);
    expect(message).not.toContain('Node.js');
    expect(help).toContain(remedy);
    expect(message).not.toContain('p@ss');
  });

  it('refuses a certificate that is not of the host, also where that is an address', async () => {
    const { code, message } = await refusal(
      `tls://alice:p%40ss@${host.replace('localhost', '127.0.0.1')}`,
      tls,
    );
    expect({ code, message }).toEqual({
      code: 'QUEUE_MISCONFIGURED',
      message: expect.stringContaining("does not match certificate's altnames"),
    });
  });
});

it('takes a server that gave up waiting for the credentials for away: it refused none', async () => {
  const nats = await startLocalNats({
    extra: 'authorization { user: alice, password: secret, timeout: 0.000001 }',
  });
  onTestFinished(() => nats?.stop());
  const url = nats?.url.replace('//', '//alice:secret@') ?? '';
  expect(await refusal(url)).toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
    message: expect.stringContaining('Authentication Timeout'),
  });
});

describe('a real server with an operator', async () => {
  const operator = nkeys.createOperator();
  const account = nkeys.createAccount();
  const system = nkeys.createAccount();
  const user = nkeys.createUser();
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwt = (issuer: nkeys.KeyPair, subject: nkeys.KeyPair, nats: object): string => {
    const claims = {
      jti: 'test',
      iat: 1_700_000_000,
      iss: issuer.getPublicKey(),
      sub: subject.getPublicKey(),
    };
    const body = `${encode({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encode({ ...claims, name: 'test', nats: { ...nats, version: 2 } })}`;
    return `${body}.${Buffer.from(issuer.sign(new TextEncoder().encode(body))).toString('base64url')}`;
  };
  const limits = {
    subs: -1,
    data: -1,
    payload: -1,
    imports: -1,
    exports: -1,
    conn: -1,
    leaf: -1,
    wildcards: true,
  };
  const storage = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };
  const accountJwt = (of: nkeys.KeyPair, more: object): string =>
    jwt(operator, of, { type: 'account', limits: { ...limits, ...more } });
  const running = await startLocalNats({
    extra: `
tls { cert_file: "${byAddress.certificate}", key_file: "${byAddress.key}" }
operator: ${jwt(operator, operator, { type: 'operator' })}
resolver: MEMORY
system_account: ${system.getPublicKey()}
resolver_preload: {
  ${system.getPublicKey()}: ${accountJwt(system, {})}
  ${account.getPublicKey()}: ${accountJwt(account, storage)}
}`,
  });
  if (running === undefined) throw new Error('install nats-server');
  afterAll(() => running.stop());
  const url = running.url.replace('nats:', 'tls:');
  const caFile = authority.certificate;
  const creds = (of: nkeys.KeyPair): string =>
    `-----BEGIN NATS USER JWT-----\n${jwt(account, of, { type: 'user', subs: -1, data: -1, payload: -1 })}\n------END NATS USER JWT------\n\n` +
    `-----BEGIN USER NKEY SEED-----\n${new TextDecoder().decode(user.getSeed())}\n------END USER NKEY SEED------\n`;

  it('takes a creds file', async () => {
    expect(await connects(url, { caFile, credsFile: file('user.creds', creds(user)) })).toBe(true);
  });

  it('refuses one whose seed is of another user', async () => {
    const credsFile = file('other.creds', creds(nkeys.createUser()));
    expect((await refusal(url, { caFile, credsFile })).message).toContain('refuses the credentials');
  });
});
