import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { jsonAnswer } from '../../src/http/answer.ts';
import type { TlsFiles } from '../../src/http/tls.ts';
import { certificateAuthority, certificateFolder } from '../support/certificates.ts';
import { failureOf } from '../support/failure-of.ts';
import { httpServer } from '../support/http-server.ts';
import { memoryLog } from '../support/memory-log.ts';
import { until } from '../support/until.ts';

const authority = certificateAuthority(certificateFolder(), 'authority');
const name = { common: 'localhost', hosts: 'IP:127.0.0.1,DNS:localhost' };
const first = authority.sign(name);
const second = authority.sign(name);
const person = authority.sign({ common: 'alice' });
const stranger = certificateAuthority(certificateFolder(), 'stranger').sign({ common: 'mallory' });

/** Files of the server's own, which a test may renew. */
function files(): TlsFiles {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const own = { certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  copyFileSync(first.certificate, own.certificate);
  copyFileSync(first.key, own.key);
  return own;
}

async function serve(tls: TlsFiles) {
  const log = memoryLog();
  const server = await httpServer({
    routes: [{ method: 'GET', path: '/hello', handle: () => jsonAnswer(200, '"hello"') }],
    log,
    listen: { port: 0, host: '127.0.0.1', tls },
    limits: { certificateLook: 10 },
  });
  onTestFinished(() => server.stop());
  return { ...server, log };
}

interface Got {
  readonly status: number | undefined;
  readonly body: string;
  /** Of the server's certificate. */
  readonly fingerprint: string;
}

function get(url: string, options: RequestOptions = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { ca: readFileSync(authority.certificate), agent: false, ...options },
      (response) => {
        const fingerprint = (response.socket as TLSSocket).getPeerCertificate().fingerprint256;
        let body = '';
        response.on('data', (data) => (body += String(data)));
        response.on('end', () => resolve({ status: response.statusCode, body, fingerprint }));
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

const identity = ({ certificate, key }: { certificate: string; key: string }): RequestOptions => ({
  cert: readFileSync(certificate),
  key: readFileSync(key),
});

it('serves HTTPS, from TLS 1.2 on, and nothing else', async () => {
  const { address } = await serve(files());
  expect(address).toMatch(/^https:/);
  expect(await get(`${address}/hello`)).toMatchObject({ status: 200, body: '"hello"' });
  expect(await get(`${address}/readyz`)).toMatchObject({ status: 200 });
  await expect(get(`${address}/hello`, { maxVersion: 'TLSv1.2' })).resolves.toMatchObject({ status: 200 });
  const old: RequestOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
  await expect(get(`${address}/hello`, old)).rejects.toThrow(/protocol|alert/i);
  await expect(fetch(`${address.replace('https', 'http')}/hello`)).rejects.toThrow('fetch failed');
});

it('takes a renewed certificate for new connections, keeps the open ones, and keeps the old one where the new one is broken', async () => {
  const own = files();
  const { address, log } = await serve(own);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const before = await get(`${address}/hello`, { agent });

  writeFileSync(own.certificate, 'half a certifi');
  await until('the log to tell of the broken file', () => log.lines.find(({ level }) => level === 'error'));
  expect((await get(`${address}/hello`)).fingerprint).toBe(before.fingerprint);

  copyFileSync(second.certificate, own.certificate);
  copyFileSync(second.key, own.key);
  await until(
    'the new certificate',
    async () => (await get(`${address}/hello`)).fingerprint !== before.fingerprint,
  );
  expect((await get(`${address}/hello`, { agent })).fingerprint).toBe(before.fingerprint);
  expect(JSON.stringify(log.lines)).not.toContain('PRIVATE KEY');
});

it('takes only clients with a certificate where it is told to, and probes without one', async () => {
  const { address } = await serve({ ...files(), clientAuthority: authority.certificate });
  expect(await get(`${address}/hello`, identity(person))).toMatchObject({ status: 200 });
  for (const probe of ['/healthz', '/readyz?verbose']) expect((await get(address + probe)).status).toBe(200);
  for (const wrong of [{}, identity(stranger)]) {
    const { status, body } = await get(`${address}/hello`, wrong);
    expect({ status, code: (JSON.parse(body) as { code: string }).code }).toEqual({
      status: 403,
      code: 'certificate_required',
    });
  }
});

it.each([
  ['nothing', ''],
  ['no certificate', 'x'],
  ['a broken certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
])(
  'does not start with a file of authorities that holds %s, and keeps the old ones where that is renewed',
  async (_what, text) => {
    const own = files();
    const clientAuthority = `${own.certificate}.ca`;
    writeFileSync(clientAuthority, text);
    expect((await failureOf(serve({ ...own, clientAuthority }))).code).toBe('CANNOT_USE_CERTIFICATE');
    copyFileSync(authority.certificate, clientAuthority);
    const { address, log } = await serve({ ...own, clientAuthority });
    writeFileSync(clientAuthority, text);
    await until('the broken file to be told', () =>
      log.lines.some(({ message }) => message.includes('the old one goes on')),
    );
    expect(await get(`${address}/hello`, identity(person))).toMatchObject({ status: 200 });
    expect((await get(`${address}/hello`, identity(stranger))).status).toBe(403);
  },
);

const rsa = authority.sign({ ...name, kind: 'rsa' });
const ed25519 = authority.sign({ ...name, kind: 'ed25519' });
const textOf = (path: string): string => readFileSync(path, 'utf8');
const openssl = (...args: readonly string[]): Buffer => execFileSync('openssl', args, { stdio: 'pipe' });

/** What a renewal may leave in the files, and what is told of it. */
const WRONG: Readonly<
  Record<string, readonly [wrong: { crt?: string | Buffer; key?: string | Buffer }, told: RegExp]>
> = {
  'the key of another certificate': [{ key: textOf(second.key) }, /key in .* is not that of the certificate/],
  'a certificate whose key is of another kind, RSA': [{ crt: textOf(rsa.certificate) }, /is not that of/],
  'a certificate whose key is of another kind, Ed25519': [
    { crt: textOf(ed25519.certificate) },
    /is not that of/,
  ],
  'a key of another kind': [{ key: textOf(rsa.key) }, /key in .* is not that of the certificate/],
  'an empty certificate': [{ crt: '' }, /tls\.crt holds no certificate/],
  'an empty key': [{ key: '' }, /tls\.key holds no private key/],
  'half a certificate': [{ crt: textOf(first.certificate).slice(0, 300) }, /tls\.crt holds no certificate/],
  'half a key': [{ key: textOf(first.key).slice(0, 100) }, /tls\.key: its private key cannot be read/],
  'files in the wrong place': [
    { crt: textOf(first.key), key: textOf(first.certificate) },
    /tls\.crt holds no certificate/,
  ],
  'its authority first': [
    { crt: textOf(authority.certificate) + textOf(first.certificate) },
    /certificate 2 of .*: the server's own has to come first/,
  ],
  'a key with a passphrase': [
    { key: openssl('pkcs8', '-topk8', '-in', first.key, '-passout', 'pass:secret') },
    /tls\.key has a passphrase/,
  ],
  'an older key with a passphrase': [
    { key: openssl('ec', '-in', first.key, '-aes128', '-passout', 'pass:secret') },
    /tls\.key has a passphrase/,
  ],
  'a certificate that is not PEM': [
    { crt: openssl('x509', '-in', first.certificate, '-outform', 'DER') },
    /tls\.crt holds no certificate \(PEM\)/,
  ],
};

it.each(Object.entries(WRONG))(
  'does not start with %s, and goes on with what it has where that is renewed',
  async (_what, [{ crt, key }, told]) => {
    const own = files();
    const spoil = () => {
      if (crt !== undefined) writeFileSync(own.certificate, crt);
      if (key !== undefined) writeFileSync(own.key, key);
    };
    spoil();
    const failure = await failureOf(serve(own));
    expect(failure).toMatchObject({ code: 'CANNOT_USE_CERTIFICATE', message: expect.stringMatching(told) });
    copyFileSync(first.certificate, own.certificate);
    copyFileSync(first.key, own.key);
    const { address, log } = await serve(own);
    spoil();
    await until('the wrong files to be told', () =>
      log.lines.some(
        ({ message, fields }) => message.includes('the old one goes on') && told.test(JSON.stringify(fields)),
      ),
    );
    expect(await get(`${address}/hello`)).toMatchObject({ status: 200 });
  },
);

it('says once that its certificate has expired, and serves those who take it all the same', async () => {
  const own = files();
  const { certificate } = authority.expire(first);
  copyFileSync(certificate, own.certificate);
  const { address, log } = await serve(own);
  const expired = () => log.lines.filter(({ message }) => message.includes('has expired'));
  await until('the log to tell it', () => expired().length > 0);
  expect(await get(`${address}/hello`, { rejectUnauthorized: false })).toMatchObject({ status: 200 });
  copyFileSync(second.certificate, own.certificate);
  copyFileSync(second.key, own.key);
  await until('the new certificate', () => log.lines.some(({ message }) => message.includes('renewed')));
  expect(expired()).toMatchObject([
    {
      level: 'warn',
      message: expect.stringMatching(/^the certificate in .*tls\.crt has expired, on 2\d{3}-/),
    },
  ]);
});

it.each([
  ['RSA', rsa],
  ['Ed25519', ed25519],
])('takes a renewed certificate of another kind, %s', async (_kind, next) => {
  const own = files();
  const { address } = await serve(own);
  const before = (await get(`${address}/hello`)).fingerprint;
  copyFileSync(next.certificate, own.certificate);
  copyFileSync(next.key, own.key);
  await until('the new certificate', async () => (await get(`${address}/hello`)).fingerprint !== before);
  expect(await get(`${address}/hello`)).toMatchObject({ status: 200 });
});
