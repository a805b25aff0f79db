import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { doctorLines } from '../support/doctor-lines.ts';
import { nomnom } from '../support/nomnom.ts';

// Without max_bytes: a stream that has it needs a newer nats-server than some machines have.
const file = 'pipelines/minimal.nom';
const folder = mkdtempSync(join(tmpdir(), 'nomnom-doctor-'));
const none = join(folder, 'none');
const text = join(folder, 'text');
writeFileSync(text, 'nothing of use\n');
chmodSync(text, 0o600);
const database = await freshDatabase();
const right = { DATABASE_URL: database.url, NATS_URL: inject('natsUrl') };

async function examine(env: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  const { err, ...found } = await doctorLines(file, env, flags);
  expect(err).toBe('');
  return found;
}

const withFile = (parameter: string) => `${database.url}?sslmode=verify-full&${parameter}=${none}`;

const DATABASE: readonly (readonly [what: string, env: Readonly<Record<string, string>>, told: string])[] = [
  ['no database', { DATABASE_URL: '' }, 'DATABASE_URL is not set'],
  ['no URL', { DATABASE_URL: 'shop' }, 'DATABASE_URL: expected postgres://'],
  ['a file of it that is not there', { DATABASE_URL: '', DATABASE_URL_FILE: none }, 'it does not exist'],
  ['a URL and a file', { DATABASE_URL_FILE: text }, 'are both set'],
  ['a port beyond the last one', { DATABASE_URL: 'postgres://127.0.0.1:99999/x' }, '65535'],
  ['an unknown parameter', { DATABASE_URL: `${database.url}?sslmod=require` }, 'sslmod'],
  ['an unknown sslmode', { PGSSLMODE: 'maybe' }, 'sslmode: expected one of'],
  [
    'authorities that cannot be read',
    { DATABASE_URL: withFile('sslrootcert') },
    `sslrootcert: ${none} cannot be read`,
  ],
  [
    'a schema that cannot be',
    { NOMNOM_LEDGER_SCHEMA: 'pg_mine' },
    'NOMNOM_LEDGER_SCHEMA: expected a schema of yours',
  ],
];

test.for(DATABASE)('%s: a line that fails, and NATS is examined all the same', async ([, env, told]) => {
  const { status, lines } = await examine({ ...right, ...env });
  expect(status).toBe(1);
  const [found, ...more] = lines.filter((line) => line.status === 'fail');
  expect(more).toEqual([]);
  expect(found).toMatchObject({ area: 'Postgres', message: expect.stringContaining(told) });
  expect(found?.help).toMatch(/^Correct /);
  expect(lines).toContainEqual(
    expect.objectContaining({ area: 'NATS', status: 'ok', message: expect.stringContaining('answers') }),
  );
});

const NATS: readonly (readonly [
  what: string,
  env: Readonly<Record<string, string>>,
  told: readonly string[],
])[] = [
  ['no URL', { NATS_URL: 'http://queue' }, ['NATS_URL: expected nats://']],
  [
    'authorities that cannot be read',
    { NATS_CA: none },
    [`NATS_CA: ${none} cannot be read: it does not exist`],
  ],
  ['a file without authorities', { NATS_CA: text }, [`NATS_CA: ${text} holds no certificate`]],
  ['a folder for authorities', { NATS_CA: folder }, [`NATS_CA: ${folder} cannot be read: it is a folder`]],
  ['credentials that cannot be read', { NATS_CREDS: none }, [`NATS_CREDS: ${none} cannot be read`]],
  ['a file without credentials', { NATS_CREDS: text }, [`NATS_CREDS: ${text} holds no NATS credentials`]],
  ['an nkey that cannot be read', { NATS_NKEY: none }, [`NATS_NKEY: ${none} cannot be read`]],
  ['a file without a seed', { NATS_NKEY: text }, [`NATS_NKEY: ${text} holds no seed`]],
  ['a certificate without a key', { NATS_CERT: text }, ['NATS_CERT and NATS_KEY belong together']],
  ['neither of them', { NATS_CERT: none, NATS_KEY: none }, [`NATS_CERT: ${none}`, `NATS_KEY: ${none}`]],
  ['a password twice', { NATS_PASSWORD: 'x', NATS_PASSWORD_FILE: text }, ['are both set']],
  [
    'two at once',
    { NATS_TLSFIRST: 'maybe', NATS_TOKEN_FILE: none },
    ['NATS_TOKEN_FILE', 'NATS_TLSFIRST: expected'],
  ],
];

test.for(NATS)(
  'of NATS, %s: a line for each that fails, and Postgres is examined all the same',
  async ([, env, told]) => {
    const { status, lines } = await examine({ ...right, ...env });
    expect(status).toBe(1);
    const found = lines.filter((line) => line.status === 'fail');
    expect(found).toEqual(
      told.map((each) =>
        expect.objectContaining({
          area: 'NATS',
          message: expect.stringContaining(each),
          help: expect.stringMatching(/^Correct /),
        }),
      ),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        area: 'Postgres',
        status: 'ok',
        message: expect.stringContaining('answers'),
      }),
    );
  },
);

test('with --role every setting of its process that is wrong has a line, also where the database has none', async () => {
  const env = {
    DATABASE_URL: 'shop',
    PORT: 'x',
    LOG_LEVEL: 'loud',
    RATE_PER_ADDRESS: 'much',
    CORS_ORIGINS: 'shop',
  };
  const { status, lines } = await examine(env, '--role=ingest');
  expect(status).toBe(1);
  const failing = lines.filter((line) => line.status === 'fail').map(({ message }) => message.split(':')[0]);
  expect(failing).toHaveLength(Object.keys(env).length);
  expect(new Set(failing)).toEqual(new Set(Object.keys(env)));
  const well = await examine({ DATABASE_URL: 'shop', PORT: '0' }, '--role=ingest');
  expect(well.lines).toContainEqual(expect.objectContaining({ area: 'HTTP', status: 'ok' }));
});

test('a person reads the same lines', async () => {
  const { status, out, err } = await nomnom(['doctor', file], { env: { DATABASE_URL: 'shop' } });
  expect({ status, err }).toEqual({ status: 1, err: '' });
  expect(out).toMatch(/^fail +Postgres +DATABASE_URL: expected postgres:\S+\n +→ Correct the flag or/m);
});
