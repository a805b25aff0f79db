import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { doctorLines } from '../support/doctor-lines.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-start-'));
const file = join(folder, 'hooks.nom');
writeFileSync(
  file,
  `pipeline doctorstart
secret GH
secret STD
entity Push { ref: text  signed by github(GH)  store pushes { key (ref)  upsert on (ref) } }
entity Call { id: text  signed by standard(STD)  store calls { key (id)  upsert on (id) } }
entity Order { id: int  store orders { key (id)  upsert on (id) } }
stream HOOKS { subject ingest = "doctorstart.{entity}" }
role ingest { publish HOOKS.ingest }
role worker { consume HOOKS.ingest }
`,
);
const { url } = await freshDatabase();
const right = { DATABASE_URL: url, GH: 's3cret', STD: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', PORT: '0' };
const applied = await nomnom(['apply', file, '--yes'], { env: { DATABASE_URL: url } });
if (applied.status !== 0) throw new Error(applied.err);

const taken = createServer().listen(0);
await new Promise((resolve) => taken.once('listening', resolve));
afterAll(() => taken.close());
const address = taken.address();
const takenPort = String(typeof address === 'object' ? address?.port : 0);

function examine(env: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  return doctorLines(file, env, ['--role=ingest', ...flags]);
}

// What ends `run` before it serves, and the word that both say.
const FAULTS: readonly (readonly [name: string, env: Readonly<Record<string, string>>, told: string])[] = [
  ['a secret that is not set', { GH: '' }, 'GH has none'],
  ['two secrets that are not set', { GH: '', STD: '' }, 'STD has none'],
  ['a secret of another form', { STD: 'notbase64' }, 'whsec_'],
  ['a secret that is set twice', { GH_FILE: file }, 'both GH and GH_FILE are set'],
  ['a secret whose file is missing', { GH: '', GH_FILE: join(folder, 'none') }, 'it does not exist'],
  [
    'a certificate that is missing',
    { TLS_CERT: join(folder, 'c'), TLS_KEY: join(folder, 'k') },
    'it does not exist',
  ],
  ['a file that is no certificate', { TLS_CERT: file, TLS_KEY: file }, 'certificate'],
  ['a certificate without a key', { TLS_CERT: file }, 'belong together'],
  ['a port that is taken', { PORT: takenPort }, takenPort],
  ['a number that is no port', { PORT: '70000' }, '65535'],
  ['a wrong rate', { RATE_PER_ADDRESS: 'much' }, 'RATE_PER_ADDRESS'],
  ['half of what tokens need', { JWT_ISSUER: 'https://id.example' }, 'JWT_AUDIENCE'],
  ['an unknown log level', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
];

test.for(FAULTS)(
  '%s: the role does not start, and doctor fails with the same words',
  async ([, env, told]) => {
    const ran = await nomnom(['run', file, '--role=ingest'], { env: { ...right, ...env } });
    expect(ran.status).not.toBe(0);
    expect(ran.err).toContain(told);
    const { status, lines } = await examine({ ...right, ...env });
    expect(status).toBe(1);
    const failed = lines.filter((line) => line.status === 'fail');
    expect(failed).toEqual([expect.objectContaining({ message: expect.stringContaining(told) })]);
    expect(failed[0]?.help).toBeTruthy();
    expect(ran.err).toContain(failed[0]?.message.split('\n')[0]);
  },
);

test('an address that other machines reach, without a key', async () => {
  const ran = await nomnom(['run', file, '--role=ingest', '--host=0.0.0.0'], { env: right });
  expect(ran).toMatchObject({ status: 1, err: expect.stringContaining('without a key') });
  const { status, lines } = await examine(right, '--host=0.0.0.0');
  expect(status).toBe(1);
  expect(lines).toContainEqual(
    expect.objectContaining({
      area: 'HTTP',
      status: 'fail',
      message: expect.stringContaining('without a key'),
    }),
  );
});

test('a role that can start, and one that runs already, fail in nothing', async () => {
  const before = await examine(right);
  expect(before.status).toBe(0);
  expect(before.lines).toContainEqual(
    expect.objectContaining({ area: 'secrets', status: 'ok', message: 'each has a usable value: GH, STD' }),
  );
  expect(before.lines).toContainEqual(expect.objectContaining({ area: 'HTTP', status: 'ok' }));
  const running = startNomnom(['run', file, '--role=ingest'], { env: right });
  const [, port = ''] = await running.printed(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/);
  await running.printed(/"ready"|"listening/);
  const during = await examine({ ...right, PORT: port });
  expect(during.status).toBe(0);
  expect(during.lines).toContainEqual(
    expect.objectContaining({ area: 'HTTP', status: 'warn', message: expect.stringContaining('is taken') }),
  );
  expect(await running.stop()).toBe(0);
});

test('a worker needs no secret', async () => {
  const { status, out } = await nomnom(['doctor', file, '--role=worker'], { env: { DATABASE_URL: url } });
  expect(status).toBe(0);
  expect(out).toMatch(/^ok +HTTP +role worker can listen with HTTP on 127\.0\.0\.1:0/m);
});
