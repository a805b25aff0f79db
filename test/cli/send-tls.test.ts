import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import { createServer as createPlainServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { noAnswer } from '../../src/cli/no-answer.ts';
import { type Certificate, certificateAuthority, certificateFolder } from '../support/certificates.ts';
import { nomnomProcess } from '../support/nomnom.ts';

const authority = certificateAuthority(certificateFolder(), 'authority');
const good = authority.sign({ common: 'localhost', hosts: 'IP:127.0.0.1' });
const folder = mkdtempSync(join(tmpdir(), 'nomnom-send-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));
const data = join(folder, 'pings.ndjson');
writeFileSync(data, `{"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "sent_at": "2024-01-01T00:00:00Z"}\n`);

const trusting = { NODE_EXTRA_CA_CERTS: authority.certificate };
const ACCEPTED = JSON.stringify({ accepted: 1, rejected: [] });

async function listening(server: Server): Promise<number> {
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function serving({ certificate, key }: Certificate, more: ServerOptions = {}): Promise<number> {
  const options = { ...more, cert: readFileSync(certificate), key: readFileSync(key) };
  return listening(createServer(options, (_request, response) => response.writeHead(202).end(ACCEPTED)));
}

/** Longer than a test may take: whoever waits for it fails. */
const send = (port: number, env: Readonly<Record<string, string>>, host = '127.0.0.1') =>
  nomnomProcess(
    ['send', 'test/examples/tiny.nom', 'Ping', data, `--url=https://${host}:${port}`, '--wait=1h'],
    { env },
  );

const DEMANDING: ServerOptions = { requestCert: true, rejectUnauthorized: true };

/** Node's own server closes the connection without an alert where it does not know a name. */
async function openssl(...more: readonly string[]): Promise<number> {
  const { certificate, key } = good;
  const files = ['-cert', certificate, '-key', key, '-cert2', certificate, '-key2', key];
  const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', ...files, ...more]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  return new Promise((resolve) =>
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const [, port] = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(said) ?? [];
      if (port !== undefined) resolve(Number(port));
    }),
  );
}

test('what is trusted is sent to', async () => {
  expect(await send(await serving(good), trusting)).toEqual({
    status: 0,
    out: '1 accepted, 0 rejected\n',
    err: '',
  });
});

interface Case {
  readonly port: () => Promise<number>;
  readonly env: Readonly<Record<string, string>>;
  readonly host?: string;
  readonly reason: string;
  readonly help: RegExp;
}

const CASES: Readonly<Record<string, Case>> = {
  'an authority that is not trusted': {
    port: () => serving(good),
    env: {},
    reason: 'no authority that this machine trusts vouches for its certificate',
    help: /NODE_EXTRA_CA_CERTS/,
  },
  'a certificate that signed itself': {
    port: () => serving(certificateAuthority(certificateFolder(), 'itself')),
    env: trusting,
    reason: 'no authority that this machine trusts vouches for its certificate',
    help: /NODE_EXTRA_CA_CERTS/,
  },
  'a certificate of another host': {
    port: () => serving(authority.sign({ common: 'other', hosts: 'DNS:other.example' })),
    env: trusting,
    reason: 'its certificate is for other hosts: DNS:other.example',
    help: /URL/,
  },
  'a certificate that has expired': {
    port: () => serving(authority.expire(good)),
    env: trusting,
    reason: 'its certificate has expired',
    help: /Renew/,
  },
  'an old version of TLS': {
    port: () => serving(good, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    env: trusting,
    reason: 'it agrees to no version of TLS and no cipher that this command takes',
    help: /TLS 1\.2/,
  },
  'a certificate demanded of clients, over TLS 1.3': {
    port: () => serving(good, { ...DEMANDING, minVersion: 'TLSv1.3' }),
    env: trusting,
    reason: 'it demands a certificate of its clients, and this command has none',
    help: /do not demand/,
  },
  'a certificate demanded of clients, over TLS 1.2': {
    port: () => serving(good, { ...DEMANDING, maxVersion: 'TLSv1.2' }),
    env: trusting,
    // OpenSSL says no more than that of it.
    reason: 'it agrees to no version of TLS and no cipher that this command takes',
    help: /do not demand/,
  },
  'a host that it does not know': {
    port: () => openssl('-servername', 'other.example', '-servername_fatal'),
    env: trusting,
    host: 'localhost',
    reason: 'it does not know the host of the URL (unrecognized name)',
    help: /Write the host/,
  },
  'another protocol than HTTP/1.1': {
    port: () => serving(good, { ALPNProtocols: ['h2'] }),
    env: trusting,
    reason: 'it agrees to no protocol that this command speaks, which is HTTP/1.1 (ALPN)',
    help: /HTTP\/1\.1/,
  },
  'no cipher in common': {
    port: () => serving(good, { ciphers: 'AES128-SHA256', maxVersion: 'TLSv1.2' }),
    env: trusting,
    reason: 'it agrees to no version of TLS and no cipher that this command takes',
    help: /TLS 1\.2/,
  },
  'no TLS at all': {
    port: () => listening(createPlainServer()),
    env: trusting,
    reason: 'what listens there does not speak TLS',
    help: /http:\/\//,
  },
};

// Each alert that ends a handshake, as Node tells of it: most of them no server here can be made to send.
test.each([
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', '', 'demands a certificate'],
  ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', '', 'demands a certificate'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', '', 'demands a certificate'],
  ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', '', 'unrecognized name'],
  ['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', '', 'ALPN'],
  ['ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY', '', 'no cipher'],
  ['ERR_SSL_TLSV1_ALERT_ACCESS_DENIED', '', 'refuses TLS with this client: tlsv1 alert access denied'],
  ['ERR_SSL_SSLV3_ALERT_ILLEGAL_PARAMETER', '', 'sslv3 alert illegal parameter'],
  [
    'EPROTO',
    'write EPROTO 40:error:0A000458:SSL routines:ssl3_read_bytes:tlsv1 unrecognized name:../ssl/x.c:907:SSL alert number 112',
    'unrecognized name',
  ],
])('%s %s is final', (code, message, reason) => {
  expect(noAnswer(Object.assign(new Error(message), { code }))).toMatchObject({
    kind: 'final',
    reason: expect.stringContaining(reason),
    help: expect.stringMatching(/\.$/),
  });
});

test.each([
  'ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC',
  'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
  'ERR_SSL_TLSV1_ALERT_USER_CANCELLED',
  'ERR_SSL_UNEXPECTED_EOF_WHILE_READING',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
])('%s may pass', (code) => {
  expect(noAnswer(Object.assign(new Error('x'), { code }))).toMatchObject({ kind: 'away' });
});

// `fetch` refuses these ports for the sake of browsers.
test.each([1, 22, 6000, 6667])(
  'port %i is one as any other: what is away there is waited for',
  async (port) => {
    const ran = await nomnomProcess([
      ...['send', 'test/examples/tiny.nom', 'Ping', data],
      ...[`--url=https://localhost:${port}`, '--wait=1ms'],
    ]);
    expect(ran.status).toBe(1);
    expect(ran.err).toMatch(/^waiting \d+ ms: .*ECONNREFUSED|does not speak/);
    expect(ran.err).not.toContain('bad port');
  },
);

test.each(Object.entries(CASES))('%s ends send at once, in one line', async (_what, found) => {
  const port = await found.port();
  const { host = '127.0.0.1' } = found;
  const ran = await send(port, found.env, host);
  expect(ran).toMatchObject({ status: 1, out: '' });
  const [line, help, ...more] = ran.err.split('\n');
  expect(line).toBe(`nomnom: https://${host}:${port}/ingest/Ping/batch: ${found.reason}`);
  expect(help).toMatch(/^ {2}help: /);
  expect(help).toMatch(found.help);
  expect(more).toEqual(['']);
});

test('status says the same', async () => {
  const port = await serving(good);
  const ran = await nomnomProcess([
    'status',
    '0f8fad5b-d9cb-469f-a165-70867728950e',
    `--url=https://127.0.0.1:${port}`,
  ]);
  expect(ran.status).toBe(1);
  expect(ran.err).toMatch(/no authority that this machine trusts[^\n]*\n {2}help: .*NODE_EXTRA_CA_CERTS/);
});
