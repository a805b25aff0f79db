import { expect, inject, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { nomnom } from '../support/nomnom.ts';

const file = 'pipelines/tpch.nom';
const database = await freshDatabase();

interface Line {
  readonly area: string;
  readonly status: string;
  readonly message: string;
  readonly help?: string;
}

async function examine(
  env: Readonly<Record<string, string>>,
): Promise<{ status: number; lines: readonly Line[] }> {
  const { status, out } = await nomnom(['doctor', file, '--json'], { env });
  return { status: status ?? -1, lines: JSON.parse(out) as readonly Line[] };
}

test('doctor says what is missing, what to do, and that all is well once it is there', async () => {
  const env = { DATABASE_URL: database.url };
  const before = await examine(env);
  expect(before.status).toBe(1);
  expect(before.lines).toContainEqual(
    expect.objectContaining({ area: 'program', status: 'fail', help: `nomnom apply ${file}` }),
  );
  expect((await nomnom(['apply', file, '--yes'], { env })).status).toBe(0);
  const after = await nomnom(['doctor', file], { env });
  expect(after).toMatchObject({ status: 0, err: '' });
  expect(after.out).toMatch(/^ok +Postgres +Postgres \d+/m);
  expect(after.out).toMatch(/^ok +Postgres +its clock agrees with ours/m);
  expect(after.out).toMatch(/^ok +program +tables, streams and consumers agree with/m);
  expect(after.out).toMatch(/^ok +messages +there are no dead letters/m);
  expect(after.out).toMatch(/^warn +retention +role worker .* does not run\n +→ nomnom run/m);
  expect(after.out).toMatch(/^warn +Postgres +user \w+ may do everything\n +→ /m);
});

test('doctor looks at the rest where a server is away, and shows no password', async () => {
  const away = 'postgres://me:s3cret@127.0.0.1:1/none';
  const { status, lines } = await examine({ DATABASE_URL: away, NATS_URL: inject('natsUrl') });
  expect(status).toBe(1);
  expect(lines).toContainEqual(expect.objectContaining({ area: 'Postgres', status: 'fail' }));
  expect(lines).toContainEqual(
    expect.objectContaining({
      area: 'NATS',
      status: 'ok',
      message: expect.stringMatching(/^nats-server .* answers/),
    }),
  );
  expect(JSON.stringify(lines)).not.toContain('s3cret');
});
