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

it('does not start with a key of another certificate', async () => {
  const failure = await failureOf(serve({ certificate: first.certificate, key: second.key }));
  expect(failure.code).toBe('CANNOT_USE_CERTIFICATE');
});
