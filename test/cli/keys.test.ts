import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { accessOf } from '../../src/cli/access-options.ts';
import { rateOf, rateText } from '../../src/cli/rate.ts';
import { freshDatabase } from '../support/database.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';
import { until } from '../support/until.ts';

const database = await freshDatabase();

test('keys are created, used, rotated and revoked by commands, and running roles notice', async () => {
  const name = `keys_${randomUUID().slice(0, 8)}`;
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-'));
  const file = join(folder, `${name}.nom`);
  writeFileSync(
    file,
    `pipeline ${name}\nentity Ping { id: uuid  store pings { key (id)  upsert on (id) keep } }\nentity Pong { id: uuid  store pongs { key (id)  upsert on (id) keep } }\n`,
  );
  const env = { DATABASE_URL: database.url };
  const keys = (...args: readonly string[]) => nomnom(['keys', ...args], { env });
  expect((await nomnom(['apply', file, '--yes'], { env })).status).toBe(0);

  // Nobody can post to 0.0.0.0 where there is no key.
  const serve = ['run', file, '--role=ingest', '--port=0', '--host=0.0.0.0'];
  const refused = await nomnom(serve, { env });
  expect(refused.status).toBe(1);
  expect(refused.err).toMatch(/0\.0\.0\.0.*nomnom keys create.*--allow-anonymous/);

  const asked = await keys('create', file, 'pos');
  expect([asked.status, asked.out, asked.err]).toEqual([
    2,
    '',
    expect.stringContaining('confirm with --yes'),
  ]);
  const created = await keys('create', file, 'pos', '--entity', 'Ping', '--rate', '100/s', '--yes');
  expect(created.out).toMatch(/^nom_[0-9A-Za-z]{36}\n$/);
  const key = created.out.trim();

  const role = startNomnom(serve, { env });
  onTestFinished(async () => void (await role.stop('SIGKILL')));
  const [, port = ''] = await role.printed(/"address":"http:\/\/[^"]*:(\d+)"/);
  const url = `http://127.0.0.1:${port}`;
  const post = async (bearer: string, entity = 'Ping') =>
    (
      await fetch(`${url}/ingest/${entity}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ id: randomUUID() }),
      })
    ).status;
  await until('the role to be ready', async () => (await fetch(`${url}/readyz`)).status === 200);
  expect([await post(key), await post(key, 'Pong'), await post(`${key}x`)]).toEqual([202, 403, 401]);

  const [keyFile, data] = [join(folder, 'key'), join(folder, 'pings.ndjson')];
  writeFileSync(keyFile, `${key}\n`);
  writeFileSync(data, `{"id":"${randomUUID()}"}\n`);
  const sent = await nomnom(['send', file, 'Ping', data, '--url', url, '--key-file', keyFile], { env });
  expect([sent.status, sent.out]).toEqual([0, '1 accepted, 0 rejected\n']);

  const rotated = await keys('rotate', file, 'pos', '--keep', '1s', '--json');
  const next = JSON.parse(rotated.out) as { readonly key: string };
  expect(next).toEqual({
    key: expect.stringMatching(/^nom_/),
    name: 'pos',
    scopes: ['ingest', 'status'],
    entities: ['Ping'],
    rate: '100/s',
  });
  await until('the old key to end', async () => (await post(key)) === 401);
  expect(await post(next.key)).toBe(202);

  expect((await keys('revoke', file, 'pos', '--yes')).out).toContain('1 key of pos revoked');
  await until('the new key to end', async () => (await post(next.key)) === 401, { within: 10_000 });
  const listed = await keys('list', file, '--ended');
  expect(listed.out).toContain('ENDS AT');
  expect(listed.out + role.output()).not.toContain(next.key.slice(4));
});

test('a rate is a number of messages in a second, minute or hour', () => {
  for (const text of ['100/s', '1/m', '50000/h']) {
    const rate = rateOf(text);
    expect(rate === undefined ? undefined : rateText(rate)).toBe(text);
  }
  for (const text of ['', '0/s', '-1/s', '1.5/s', '10/d', '10', '10/s ', '1e3/s'])
    expect(rateOf(text)).toBeUndefined();
});

test('who may send is said by options, and half of an identity provider is wrong use', () => {
  expect(accessOf({})).toEqual({
    allowAnonymous: false,
    origins: [],
    ratePerAddress: undefined,
    trustedProxies: [],
    tokens: undefined,
  });
  const provider = { jwtIssuer: 'https://login.example', jwtAudience: 'shop' };
  expect(() => accessOf(provider)).toThrow(/JWT_JWKS_URL/);
  expect(() => accessOf({ ...provider, jwtJwksUrl: 'http://login.example/keys' })).toThrow(/https/);
  expect(accessOf({ ...provider, jwtJwksUrl: 'https://login.example/keys' }).tokens).toEqual({
    issuer: 'https://login.example',
    audience: 'shop',
    jwksUrl: 'https://login.example/keys',
    sourceClaim: 'sub',
  });
  expect(accessOf({ corsOrigin: ['https://a.example', 'http://b.example:8080'] }).origins).toHaveLength(2);
  expect(() => accessOf({ corsOrigin: ['https://a.example/path'] })).toThrow(/origins/);
  expect(accessOf({ trustedProxies: '10.0.0.0/8, ::1' }).trustedProxies).toEqual(['10.0.0.0/8', '::1']);
  for (const wrong of ['proxy.example', '10.0.0.0/33', '10.0.0.0/8/8', '']) {
    expect(() => accessOf({ trustedProxies: wrong })).toThrow(/networks/);
  }
  expect(() => accessOf({ ratePerAddress: 'many' })).toThrow(/100\/s/);
});
