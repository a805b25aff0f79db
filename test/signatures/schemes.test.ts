import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { signatureSchemes } from '../../src/signatures/registry.ts';
import * as published from './published.ts';
import { isVerified, type Request } from './verified.ts';

const NOW = 1_700_000_000;

/** https://docs.stripe.com/webhooks/signature#verify-manually gives the construction and no example. */
function stripeHeader(secret: string, body: string | Uint8Array, at = NOW): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')}`;
}

const BODY = '{"id":"evt_1","note":"schön 💶"}';

const stripe: Request = {
  scheme: 'stripe',
  headers: { 'stripe-signature': stripeHeader('whsec_test', BODY) },
  body: BODY,
  secrets: ['whsec_test'],
  now: NOW,
};
const shopify: Request = {
  scheme: 'shopify',
  headers: { 'x-shopify-hmac-sha256': createHmac('sha256', 'shpss_1').update(BODY).digest('base64') },
  body: BODY,
  secrets: ['shpss_1'],
};
const hmac: Request = {
  scheme: 'hmac',
  options: { header: 'x-signature', algorithm: 'sha512', encoding: 'base64url' },
  headers: { 'x-signature': createHmac('sha512', 'geheim ü').update(BODY).digest('base64url') },
  body: BODY,
  secrets: ['geheim ü'],
};

const requests: readonly (readonly [string, Request])[] = [
  ...Object.entries(published),
  ['stripe', stripe],
  ['shopify', shopify],
  ['hmac', hmac],
];

test('every scheme has an example here', () => {
  const shown = new Set(requests.map(([, { scheme }]) => scheme));
  expect([...signatureSchemes.keys()].filter((name) => !shown.has(name))).toEqual([]);
});

test.each(requests)('%s: the example of its documentation is taken', (_name, request) => {
  expect(isVerified(request)).toBe(true);
});

const signatureOf = (request: Request): readonly [header: string, value: string] => {
  const header = signatureSchemes.get(request.scheme)?.header(request.options ?? {}) ?? '';
  return [header, String(request.headers[header])];
};

const withSignature = (request: Request, value: string | undefined): Request => {
  const [header] = signatureOf(request);
  const others = Object.entries(request.headers).filter(([name]) => name !== header);
  return {
    ...request,
    headers: { ...Object.fromEntries(others), ...(value === undefined ? {} : { [header]: value }) },
  };
};

test.each(requests)('%s: an altered request is refused', (_name, request) => {
  const [, value] = signatureOf(request);
  const refused: readonly Request[] = [
    { ...request, body: `${String(request.body)} ` },
    { ...request, body: '' },
    { ...request, secrets: [] },
    { ...request, secrets: [`${request.secrets[0]}x`] },
    { ...request, secrets: [''] },
    ...[undefined, '', ' ', 'sha256=', 'v1,', 'v0=', 't=,v1=', value.slice(0, -4), `${value}00`].map((each) =>
      withSignature(request, each),
    ),
    withSignature(request, value.slice(-20)),
    // One other character in the signature itself.
    withSignature(
      request,
      value.replace(/.(?=.{8}$)/, (one) => (one === 'a' ? 'b' : 'a')),
    ),
    withSignature(request, value.replace(/.(?=.{8}$)/, 'é')),
    withSignature(request, value.replace(/.(?=.{8}$)/, '%')),
  ];
  expect(refused.map(isVerified)).toEqual(refused.map(() => false));
});

test.each(requests)('%s: while a secret is exchanged both values count', (_name, request) => {
  const [secret = ''] = request.secrets;
  const other = secret.replace(/[A-Za-z0-9](?=[^_]*$)/g, '7');
  expect(isVerified({ ...request, secrets: [other, secret] })).toBe(true);
  expect(isVerified({ ...request, secrets: [other] })).toBe(false);
});

const timed = requests.filter(([, { scheme }]) => signatureSchemes.get(scheme)?.timed === true);

test.each(timed)('%s: a request is taken for five minutes', (_name, request) => {
  const at = request.now ?? 0;
  const taken = [-301, -300, 0, 300, 301, 86_400].map((away) => isVerified({ ...request, now: at + away }));
  expect(taken).toEqual([false, true, true, true, false, false]);
});

test('the schemes that sign the time are those that can', () => {
  expect([...new Set(timed.map(([, { scheme }]) => scheme))].toSorted()).toEqual([
    'slack',
    'standard',
    'stripe',
  ]);
});

test('a later time in the header does not make an old signature new', () => {
  const old = stripeHeader('whsec_test', BODY, NOW - 1000);
  const header = old.replace(`t=${NOW - 1000}`, `t=${NOW}`);
  expect(isVerified(withSignature(stripe, header))).toBe(false);
  expect(isVerified(withSignature(stripe, `${old},t=${NOW}`))).toBe(false);
});

test('of several signatures one has to be right', () => {
  const [, right] = signatureOf(stripe);
  const wrong = stripeHeader('another', BODY).split(',')[1] ?? '';
  expect(isVerified(withSignature(stripe, `${right.split(',')[0]},${wrong},${right.split(',')[1]}`))).toBe(
    true,
  );
  const [, symmetric] = signatureOf(published.standard);
  const [, asymmetric] = signatureOf(published.ed25519);
  const both = `v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,AAAA ${symmetric} ${asymmetric}`;
  expect(isVerified(withSignature(published.standard, both))).toBe(true);
  expect(isVerified(withSignature(published.ed25519, both))).toBe(true);
});

test('a request with thousands of signatures costs no more than one with a few', () => {
  const [, right] = signatureOf(published.ed25519);
  const wrong = `${right.slice(0, 10)}AAAA${right.slice(14)}`;
  expect(isVerified(withSignature(published.ed25519, `${`${wrong} `.repeat(16)}${right}`))).toBe(false);
  expect(isVerified(withSignature(published.ed25519, `${`${wrong} `.repeat(15)}${right}`))).toBe(true);
});

test('a signature of one version is not taken for another', () => {
  const [, value] = signatureOf(published.standard);
  expect(isVerified(withSignature(published.standard, value.replace('v1,', 'v1a,')))).toBe(false);
  const [, old] = signatureOf(stripe);
  expect(isVerified(withSignature(stripe, old.replace('v1=', 'v0=')))).toBe(false);
  expect(isVerified(withSignature(published.github, signatureOf(published.github)[1].slice(7)))).toBe(false);
});

test('the id and the time of a standard webhook are signed too', () => {
  const { headers } = published.standard;
  expect(isVerified({ ...published.standard, headers: { ...headers, 'webhook-id': 'msg_2' } })).toBe(false);
  const later = { ...headers, 'webhook-timestamp': '1614265331' };
  expect(isVerified({ ...published.standard, headers: later })).toBe(false);
});

test('the library of Standard Webhooks signs what is taken here', () => {
  const library = new Webhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const bodies = ['', '{}', 'schön 💶 \u0000', `{"a":"${'x'.repeat(70_000)}"}`];
  for (const [at, body] of bodies.entries()) {
    const headers = {
      'webhook-id': `msg_${at}`,
      'webhook-timestamp': String(NOW),
      'webhook-signature': library.sign(`msg_${at}`, new Date(NOW * 1000), body),
    };
    const request = { ...published.standard, headers, body, now: NOW };
    expect(isVerified(request)).toBe(true);
    expect(isVerified({ ...request, body: `${body}x` })).toBe(false);
  }
});

test('bytes that are no text are signed as they are', () => {
  const body = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
  const headers = { 'x-signature': createHmac('sha512', 'geheim ü').update(body).digest('base64url') };
  expect(isVerified({ ...hmac, headers, body })).toBe(true);
  expect(isVerified({ ...hmac, headers, body: Buffer.from(body.toString('utf8')) })).toBe(false);
});

test('an hmac header may say its algorithm, in the way of GitHub', () => {
  const options = { header: 'x-sign', algorithm: 'sha1', encoding: 'hex' };
  const digest = createHmac('sha1', 's').update('a').digest('hex');
  const request = { scheme: 'hmac', options, body: 'a', secrets: ['s'] };
  expect(isVerified({ ...request, headers: { 'x-sign': digest.toUpperCase() } })).toBe(true);
  expect(isVerified({ ...request, headers: { 'x-sign': `sha1=${digest}` } })).toBe(true);
  expect(isVerified({ ...request, headers: { 'x-sign': `sha256=${digest}` } })).toBe(false);
});

test('Twilio signs the URL that it calls, which a program can name', () => {
  const { headers, ...rest } = published.twilio;
  const behindProxy = { ...rest, headers: { ...headers, host: '10.0.0.1:8080' } };
  expect(isVerified(behindProxy)).toBe(false);
  expect(isVerified({ ...behindProxy, options: { url: 'https://mycompany.com' } })).toBe(true);
  expect(isVerified({ ...behindProxy, options: { url: 'https://mycompany.com:443' } })).toBe(true);
  expect(isVerified({ ...behindProxy, options: { url: 'http://mycompany.com' } })).toBe(false);
  expect(isVerified({ ...published.twilio, url: '/myapp.php?foo=1' })).toBe(false);
});

test('a body of Twilio that its signature does not cover is refused', () => {
  const headers = { ...published.twilio.headers, 'content-type': 'application/json' };
  expect(isVerified({ ...published.twilio, headers })).toBe(false);
  const url = published.twilioJson.url?.replace(/bodySHA256=../, 'bodySHA256=00') ?? '';
  expect(isVerified({ ...published.twilioJson, url })).toBe(false);
});
