import { CompactSign, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { openTokens } from '../../../src/adapters/jwt/tokens.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { Tokens } from '../../../src/ports/tokens.ts';
import { tokenSenders } from '../../../src/roles/access/token-senders.ts';

const issuer = 'https://login.example';
const audience = 'shop';
const pair = await generateKeyPair('ES256', { extractable: true });
const stranger = await generateKeyPair('ES256');
const provider = createServer((request, response) => {
  requests += 1;
  if (request.url === '/broken') response.writeHead(500).end();
  else if (withdrawn) response.end('{"keys":[]}');
  else if (request.url === '/endless') {
    const more = () => {
      sent += 65_536;
      response.write(' '.repeat(65_536));
    };
    response.on('drain', more);
    more();
  } else
    void exportJWK(pair.publicKey).then((jwk) =>
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ keys: [{ ...jwk, kid: 'a' }, ...oddKeys(jwk)] })),
    );
});
/** Keys that a provider may publish beside good ones, and that verify nothing. */
function oddKeys({ x = '' }: JWK): readonly JWK[] {
  return [
    { kty: 'EC', crv: 'P-256', kid: 'off-curve', x, y: x },
    { kty: 'EC', crv: 'P-256', kid: 'half', x },
    { kty: 'EC', crv: 'P-999', kid: 'unknown', x, y: x },
  ];
}

let requests = 0;
/** Bytes of the endless answer. */
let sent = 0;
let withdrawn = false;
let tokens: Tokens;
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  tokens = openTokens({ issuer, audience, jwksUrl: url, sourceClaim: 'sub' });
});
afterAll(() => new Promise((resolve) => provider.close(resolve)));

interface Made {
  readonly claims?: Record<string, unknown>;
  readonly by?: typeof pair;
  readonly iss?: string;
  readonly aud?: string;
  readonly exp?: string;
  readonly header?: Record<string, string>;
}

function token({
  claims = {},
  by = pair,
  iss = issuer,
  aud = audience,
  exp = '5m',
  header = {},
}: Made = {}): Promise<string> {
  return new SignJWT({ sub: 'pos-7', scope: 'ingest openid', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'a', ...header })
    .setIssuer(iss)
    .setAudience(aud)
    .setExpirationTime(exp)
    .sign(by.privateKey);
}

test('a token of the provider tells who sends and what it may do', async () => {
  expect(await tokens.verify(await token())).toMatchObject({
    kind: 'valid',
    subject: 'pos-7',
    scope: ['ingest', 'openid'],
  });
});

test('what another one signed, for another one, of another time, or of nobody, is refused', async () => {
  const made = await Promise.all([
    token({ by: stranger }),
    token({ iss: 'https://evil.example' }),
    token({ aud: 'bank' }),
    token({ exp: '-5m' }),
    token({ claims: { sub: 7 } }),
    token({ claims: { iat: Math.floor(Date.now() / 1000) + 600 } }),
    token({ claims: { iat: 'now' } }),
    token({ header: { typ: 'logout+jwt' } }),
    token({ header: { kid: 'off-curve' } }),
    token({ header: { kid: 'half' } }),
    token({ header: { kid: 'unknown' } }),
    new SignJWT({ sub: 'pos-7' })
      .setProtectedHeader({ alg: 'HS256', kid: 'a' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(pair.publicKey)))),
  ]);
  const unsigned = new UnsecuredJWT({ sub: 'pos-7' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('5m')
    .encode();
  const valid = await token();
  for (const each of [
    ...made,
    unsigned,
    'a.b.c',
    valid.slice(0, -4) + (valid.endsWith('AAAA') ? 'BBBB' : 'AAAA'),
  ])
    expect(await tokens.verify(each)).toEqual({
      kind: 'refused',
      // Words, and no code of a library.
      reason: expect.not.stringMatching(/ERR_|J[OW][A-Z]{2}|undefined/),
    });
});

test('a token that does not say which of several keys signed it is told so', async () => {
  const nameless = await new SignJWT({ sub: 'pos-7' })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('5m')
    .sign(pair.privateKey);
  expect(await tokens.verify(nameless)).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('(kid)'),
  });
});

test('a token without an end is refused', async () => {
  const endless = await new SignJWT({ sub: 'pos-7' })
    .setProtectedHeader({ alg: 'ES256', kid: 'a' })
    .setIssuer(issuer)
    .setAudience(audience)
    .sign(pair.privateKey);
  expect((await tokens.verify(endless)).kind).toBe('refused');
  const later = await new CompactSign(
    new TextEncoder().encode(`{"sub":"pos-7","iss":"${issuer}","aud":"${audience}","exp":1e400}`),
  )
    .setProtectedHeader({ alg: 'ES256', kid: 'a' })
    .sign(pair.privateKey);
  expect((await tokens.verify(later)).kind).toBe('refused');
});

test('a provider that does not give its keys is no fault of the token', async () => {
  const broken = openTokens({ issuer, audience, jwksUrl: `${url}/broken`, sourceClaim: 'sub' });
  expect((await broken.verify(await token())).kind).toBe('unavailable');
  const away = openTokens({ issuer, audience, jwksUrl: 'http://127.0.0.1:9/', sourceClaim: 'sub' });
  expect((await away.verify(await token())).kind).toBe('unavailable');
});

test('a provider that fails is asked once a second, however many tokens come', async () => {
  const broken = openTokens({ issuer, audience, jwksUrl: `${url}/broken`, sourceClaim: 'sub' });
  const before = requests;
  const began = performance.now();
  for (let at = 0; at < 50; at += 1)
    expect((await broken.verify(await token({ by: stranger }))).kind).toBe('unavailable');
  expect(requests - before).toBeLessThanOrEqual(1 + (performance.now() - began) / 1_000);
});

test('a token may say its type, as providers write it', async () => {
  for (const typ of ['JWT', 'at+jwt', 'application/at+jwt'])
    expect((await tokens.verify(await token({ header: { typ } }))).kind).toBe('valid');
});

test('another claim can name the sender, and the sender of a token is not the holder of a key of that name', async () => {
  const byClient = openTokens({ issuer, audience, jwksUrl: url, sourceClaim: 'client_id' });
  const senders = tokenSenders('shop', byClient, systemClock);
  const found = await senders(await token({ claims: { client_id: 'erp', scope: 'ingest admin' } }));
  const scopes = new Set(['ingest', 'admin']);
  expect(found).toMatchObject({ kind: 'sender', sender: { name: 'erp', id: 'token:erp', scopes } });
  expect(await senders(await token({ claims: { client_id: 'a\nb' } }))).toMatchObject({ kind: 'refused' });
});

test('a token that was verified is not verified again for each request', async () => {
  const senders = tokenSenders('shop', tokens, systemClock);
  const text = await token();
  await senders(text);
  const before = requests;
  const again = senders(text);
  expect(again).toMatchObject({ kind: 'sender' });
  expect(requests).toBe(before);
});

test('a key that the provider withdraws counts for a minute at most, for new tokens and for those that were verified', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => {
    vi.useRealTimers();
    withdrawn = false;
  });
  const fresh = openTokens({ issuer, audience, jwksUrl: url, sourceClaim: 'sub' });
  const senders = tokenSenders('shop', fresh, systemClock);
  const [before, late] = [await token(), await token({ claims: { sub: 'late' } })];
  expect(await senders(before)).toMatchObject({ kind: 'sender' });
  withdrawn = true;
  vi.setSystemTime(Date.now() + 24_000);
  // The keys still serve; whoever is let in now is remembered from now on.
  expect(await senders(late)).toMatchObject({ kind: 'sender' });
  vi.setSystemTime(Date.now() + 35_000);
  for (const each of [before, late, await token({ claims: { sub: 'new' } })])
    expect(await senders(each)).toMatchObject({ kind: 'refused' });
});

test('of an answer without an end only the beginning is read', async () => {
  const endless = openTokens({ issuer, audience, jwksUrl: `${url}/endless`, sourceClaim: 'sub' });
  expect((await endless.verify(await token())).kind).toBe('unavailable');
  expect(sent).toBeLessThan(16 * 1024 * 1024);
});
