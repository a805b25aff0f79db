import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';
import { until } from '../support/until.ts';

const database = await freshDatabase();
const store = openStore({ url: database.url, max: 1, log: memoryLog() });
afterAll(() => store.close());
const env = { DATABASE_URL: database.url };
const folder = mkdtempSync(join(tmpdir(), 'nomnom-'));

/** One version of the pipeline, by the fields of its entity. */
function version(name: string, fields: string): string {
  const file = join(folder, `${name}.nom`);
  writeFileSync(
    file,
    `pipeline deploys
stream S { subject ingest = "s.{entity}" }
role all { publish S.ingest  consume S.ingest }
entity Ping { id: int  ${fields}  store pings { key (id)  upsert on (id) replace } }
`,
  );
  return file;
}

const start = (file: string) =>
  startNomnom(['run', file, '--role=all', '--port=0', '--host=127.0.0.1'], { env });

const ADDRESS = /"address":"(http:[^"]+)"/;

async function send(role: ReturnType<typeof startNomnom>, body: object): Promise<void> {
  const url = (await role.printed(ADDRESS))[1] ?? '';
  await until('a 202', async () => {
    const answer = await fetch(`${url}/ingest/Ping`, { method: 'POST', body: JSON.stringify(body) });
    return answer.status === 202;
  });
}

const written = (id: number) =>
  until(
    `row ${id}`,
    async () =>
      (await store.sql.query({ text: 'SELECT FROM pings WHERE id = $1', values: [id] })).rowCount === 1,
    { within: 30_000 },
  );

test('apply lets the running version work, or names it and the order; a rollback is an apply', async () => {
  const first = version('first', 'note: text(9)?');
  const wider = version('wider', 'note: text(20)?  more: int?');
  const strict = version('strict', 'note: text(20)  more: int?');
  expect(await nomnom(['apply', first, '--yes'], { env })).toMatchObject({ status: 0 });
  let role = start(first);
  try {
    await send(role, { id: 1 });
    await written(1);
    expect(await nomnom(['apply', wider, '--yes'], { env })).toMatchObject({ status: 0 });
    await send(role, { id: 2, note: 'nine long' });
    await written(2);
    // On tables that the other version has widened it starts too.
    await role.stop();
    role = start(first);
    await send(role, { id: 3 });
    await written(3);

    const refused = await nomnom(['apply', strict, '--yes'], { env });
    expect(refused.status).toBe(1);
    expect(refused.err).toMatch(/nothing was changed\n {2}table pings: forbid nulls in column note\n/);
    expect(refused.err).toMatch(/role all: 1 of program \S+\n/);
    await role.stop();
    const done = await nomnom(['apply', strict, '--yes'], { env });
    expect(done).toMatchObject({ status: 0 });
    // Rows hold nulls: the column goes on to take them, and no message brings any.
    expect(done.out).toContain(
      'NOM902 table pings, column note: the plan says NOT NULL, the server has nullable',
    );
    role = start(strict);
    await send(role, { id: 4, note: 'a' });
    await written(4);
    expect(await nomnom(['apply', first, '--yes'], { env })).toMatchObject({ status: 0 });
    const { rows } = await store.sql.query({
      text: 'SELECT count(*)::int AS n, max(number)::int AS newest FROM nomnom_programs',
    });
    expect(rows).toEqual([{ n: 3, newest: 4 }]);
  } finally {
    role.child.kill('SIGKILL');
  }
});

test('apply never says that servers agree which do not: it names what only a person can change', async () => {
  const { url } = await freshDatabase();
  const options = { env: { DATABASE_URL: url } };
  expect(await nomnom(['apply', version('number', 'more: int?'), '--yes'], options)).toMatchObject({
    status: 0,
  });
  const other = version('text', 'more: text?');
  for (const how of ['--yes', '--dry-run']) {
    const refused = await nomnom(['apply', other, how], options);
    expect(refused, how).toMatchObject({ status: 1, out: '' });
    expect(refused.err).toContain(
      'NOM902 table pings, column more: the plan says text, the server has integer',
    );
  }
});
