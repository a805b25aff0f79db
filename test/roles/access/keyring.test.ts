import { expect, onTestFinished, test } from 'vitest';
import { Failure } from '../../../src/ports/failure.ts';
import type { KnownKey } from '../../../src/ports/keys.ts';
import type { Store } from '../../../src/ports/store.ts';
import { identifyBy } from '../../../src/roles/access/identify.ts';
import { keyHash, newKey } from '../../../src/roles/access/key-text.ts';
import { startKeyring } from '../../../src/roles/access/keyring.ts';
import { accessHealth } from '../../../src/runtime/access-health.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { until } from '../../support/until.ts';

/** Keys in memory, and a clock that goes as the test says. */
async function stage(known: readonly KnownKey[] | Failure) {
  const table = { known, reads: 0 };
  const time = { now: 0, due: [] as { at: number; wake: () => void }[] };
  const keys = {
    read: () => {
      table.reads += 1;
      return table.known instanceof Failure ? Promise.reject(table.known) : Promise.resolve(table.known);
    },
  };
  const log = memoryLog();
  const keyring = await startKeyring({
    pipeline: 'shop',
    // Nothing else of the store is asked.
    store: { ledger: { keys } } as unknown as Store,
    clock: {
      now: () => time.now,
      sleep: (milliseconds, signal) =>
        new Promise((wake) => {
          time.due.push({ at: time.now + milliseconds, wake });
          signal?.addEventListener('abort', () => wake());
        }),
    },
    log,
  });
  onTestFinished(() => keyring.stop());
  /** Lets time pass, and waits until everything that was due has been done. */
  const pass = async (milliseconds: number) => {
    const { reads } = table;
    await until('the next sleep', () => time.due.some(({ at }) => at > time.now));
    time.now += milliseconds;
    const due = time.due.filter(({ at }) => at <= time.now);
    time.due = time.due.filter(({ at }) => at > time.now);
    for (const { wake } of due) wake();
    await until('the next look', () => table.reads > reads && time.due.some(({ at }) => at > time.now));
  };
  const identify = identifyBy({ keyring, tokens: undefined, allowAnonymous: false });
  return { table, keyring, log, pass, identify };
}

const away = new Failure('STORE_UNAVAILABLE', 'connection refused');

function known(key: string, more: Partial<KnownKey> = {}): KnownKey {
  return {
    name: 'pos',
    hash: keyHash(key),
    scopes: ['ingest'],
    entities: undefined,
    rate: undefined,
    createdAt: 0,
    left: undefined,
    ...more,
  };
}

test('while the keys have not been read nobody gets in, from this machine neither', async () => {
  const { identify, table, pass } = await stage(away);
  const key = newKey();
  for (const credential of [undefined, key])
    expect(identify(credential, true)).toMatchObject({ kind: 'unready' });
  table.known = [known(key)];
  await pass(250);
  expect(identify(key, false)).toMatchObject({ kind: 'sender', sender: { name: 'pos' } });
});

test('where there has never been a key this machine may send, and no other one', async () => {
  const { identify } = await stage([]);
  expect(identify(undefined, true)).toEqual({ kind: 'anonymous' });
  expect(identify(undefined, false)).toMatchObject({ kind: 'refused' });
});

test('the first key closes the pipeline to all others, and revoking it does not open it again', async () => {
  const { identify, table, pass, log } = await stage([]);
  const key = newKey();
  table.known = [known(key)];
  await pass(3_000);
  expect(identify(undefined, true)).toMatchObject({ kind: 'refused' });
  expect(identify(newKey(), true)).toMatchObject({ kind: 'refused' });
  expect(identify(key, true)).toMatchObject({ kind: 'sender' });
  table.known = [known(key, { left: -1 })];
  await pass(3_000);
  for (const credential of [undefined, key])
    expect(identify(credential, true)).toMatchObject({ kind: 'refused' });
  expect(JSON.stringify(log.lines)).not.toContain(key);
});

test('a key stays valid while Postgres is away, and a revocation counts once it is back', async () => {
  const key = newKey();
  const { identify, table, pass, log } = await stage([known(key)]);
  table.known = away;
  for (let look = 0; look < 20; look += 1) await pass(3_000);
  expect(identify(key, false)).toMatchObject({ kind: 'sender' });
  expect(identify(newKey(), false)).toMatchObject({ kind: 'refused' });
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  table.known = [known(key, { left: -1 })];
  await pass(3_000);
  expect(identify(key, false)).toMatchObject({ kind: 'refused' });
});

test('a rotated key ends at its time, also while Postgres is away', async () => {
  const [old, next] = [newKey(), newKey()];
  const { identify, table, pass } = await stage([known(old, { left: 4_000 }), known(next)]);
  table.known = away;
  expect(identify(old, false)).toMatchObject({ kind: 'sender' });
  await pass(3_000);
  await pass(3_000);
  expect(identify(old, false)).toMatchObject({ kind: 'refused' });
  expect(identify(next, false)).toMatchObject({ kind: 'sender', sender: { name: 'pos' } });
});

test('whoever may no longer read the keys says that revoked ones stay valid', async () => {
  const { keyring, table, pass, log } = await stage([known(newKey())]);
  const health = accessHealth(keyring, false, { port: 0, host: '127.0.0.1' });
  table.known = away;
  await pass(3_000);
  // That Postgres is away is told elsewhere.
  expect(await health.degraded()).toEqual([]);
  table.known = new Failure('STORE_MISCONFIGURED', 'permission denied for table nomnom_keys');
  await pass(3_000);
  expect(await health.degraded()).toEqual([
    { check: 'keys', message: expect.stringMatching(/revoked ones too: .*nomnom_keys/) },
  ]);
  expect(JSON.stringify(log.lines)).toContain('connection refused');
  table.known = [];
  await pass(3_000);
  expect(await health.degraded()).toEqual([]);
});
