import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { Failure } from '../../src/ports/failure.ts';
import type { KnownKey } from '../../src/ports/keys.ts';
import type { Store } from '../../src/ports/store.ts';
import { keyHash, newKey } from '../../src/roles/access/key-text.ts';
import { accessHealth } from '../../src/runtime/access-health.ts';
import { type AccessOptions, openAccess } from '../../src/runtime/access.ts';
import { failureOf } from '../support/failure-of.ts';
import { memoryLog } from '../support/memory-log.ts';

const key: KnownKey = {
  name: 'pos',
  hash: keyHash(newKey()),
  scopes: ['ingest'],
  entities: undefined,
  rate: undefined,
  createdAt: 0,
  left: undefined,
};
const away = new Failure('STORE_UNAVAILABLE', 'connection refused');
const tokens = { issuer: 'i', audience: 'a', jwksUrl: 'https://login.example/keys', sourceClaim: 'sub' };

async function open(
  known: readonly KnownKey[] | Failure,
  host: string | undefined,
  options: AccessOptions = {},
  signed = false,
) {
  const read = () => (known instanceof Failure ? Promise.reject(known) : Promise.resolve(known));
  const access = await openAccess(
    options,
    { port: 8080, host },
    {
      pipeline: 'shop',
      // Nothing else of the store is asked.
      store: { ledger: { keys: { read } } } as unknown as Store,
      clock: systemClock,
      log: memoryLog(),
      telemetry: { record: () => {} },
      signed,
    },
  );
  onTestFinished(() => access.stop());
  return { host: access.listen.host, reasons: await access.health.reasons(), gate: access.gate };
}

test('without a key a role listens on this machine only, and says so', async () => {
  expect((await open([], undefined)).host).toBe('127.0.0.1');
  expect((await open([], 'localhost')).host).toBe('localhost');
  expect((await open([], '::1')).host).toBe('::1');
});

test('a role whose entities are all signed listens everywhere without a key', async () => {
  const { host, reasons } = await open([], '0.0.0.0', {}, true);
  expect([host, reasons]).toEqual(['0.0.0.0', []]);
  expect((await open([], undefined, {}, true)).host).toBe('0.0.0.0');
});

test.each(['0.0.0.0', '::', '192.0.2.1', 'shop.example', '127.0.0.1.evil.example'])(
  'without a key a role refuses to listen on %s, and names both ways out',
  async (host) => {
    const failure = await failureOf(open([], host));
    expect(failure).toMatchObject({ code: 'NO_KEYS', retryable: false });
    expect(failure.message).toMatch(/nomnom keys create.*--allow-anonymous/);
  },
);

test('with a key, with tokens, or where everybody may send, a role listens everywhere', async () => {
  expect((await open([key], undefined)).host).toBe('0.0.0.0');
  expect((await open([{ ...key, left: -1 }], undefined)).host).toBe('0.0.0.0');
  expect((await open([], undefined, { tokens })).host).toBe('0.0.0.0');
  expect((await open([], '0.0.0.0', { allowAnonymous: true })).host).toBe('0.0.0.0');
  expect((await open([key], '192.0.2.1')).host).toBe('192.0.2.1');
});

test('--allow-anonymous lets nobody in where there is a key', async () => {
  const { gate } = await open([key], undefined, { allowAnonymous: true });
  expect(gate.identify(undefined, true)).toMatchObject({ kind: 'refused' });
});

test('a role that turns out to have no key once Postgres is back is ready only where it was not asked for more', async () => {
  const health = async (host: string | undefined, mayBeOpen = false) =>
    accessHealth({ state: () => 'open', trouble: () => undefined }, mayBeOpen, { port: 1, host }).reasons();
  expect(await health('0.0.0.0')).toMatchObject([{ check: 'keys' }]);
  expect([await health(undefined), await health('127.0.0.1'), await health('0.0.0.0', true)]).toEqual([
    [],
    [],
    [],
  ]);
});

test('while Postgres is away a role listens as asked, lets nobody in and is not ready', async () => {
  const { host, reasons, gate } = await open(away, undefined);
  expect([host, reasons]).toMatchObject(['0.0.0.0', [{ check: 'keys' }]]);
  expect(gate.identify(undefined, true)).toMatchObject({ kind: 'unready' });
});
