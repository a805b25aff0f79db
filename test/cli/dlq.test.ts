import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { pinoLog } from '../../src/adapters/pino-log.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { momentOf } from '../../src/cli/dlq/moment.ts';
import { jsonText } from '../../src/cli/json-text.ts';
import { visible } from '../../src/text/visible.ts';
import { visibleBody } from '../../src/cli/visible.ts';
import { freshDatabase } from '../support/database.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-'));

function pingFile(name: string, limit: number): string {
  const file = join(folder, `${name}-${limit}.nom`);
  writeFileSync(
    file,
    `pipeline ${name}\nentity Ping {\n  id: uuid\n  note: text(${limit})\n  store pings { key (id)  upsert on (id) replace }\n}\n`,
  );
  return file;
}

const hostile = '\u001b[2J\u202e';

describe.each(['JetStream', 'Postgres'] as const)('dead letters over %s, by the commands', async (kind) => {
  const name = `dlq_${randomUUID().slice(0, 8)}`;
  const file = pingFile(name, 5);
  const database = await freshDatabase();
  const env = {
    DATABASE_URL: database.url,
    ...(kind === 'JetStream' ? { NATS_URL: inject('natsUrl') } : {}),
  };
  const store = openStore({ url: database.url, max: 1, log: pinoLog({ level: 'silent' }) });
  afterAll(() => store.close());
  const ids = Array.from({ length: 6 }, () => randomUUID()).toSorted();
  const [long = '', binary = '', deep = ''] = ids;
  const run = (...args: readonly string[]) => nomnom(['dlq', ...args], { env });
  const messages = async () => {
    const ran = await run('list', file, '--json');
    return (JSON.parse(ran.out) as readonly { readonly message_id: string }[]).map((each) => each.message_id);
  };

  test('before the tables are there a command says what makes them', async () => {
    const ran = await run('list', file);
    expect(ran).toMatchObject({ status: 1, out: '' });
    expect(ran.err).toContain(`nomnom apply ${file}`);
  });

  test('list shows what failed last first, narrowed by message, entity, code and time', async () => {
    expect((await nomnom(['apply', file, '--yes'], { env })).status).toBe(0);
    expect((await run('list', file)).out).toBe('there are no such dead letters\n');
    const error = {
      entity: 'Ping',
      field: 'Ping.note',
      pointer: '/note',
      message: `expected 5 characters${hostile}`,
    };
    const entry = (messageId: string, code: string, body: Buffer) => ({
      messageId,
      pipeline: name,
      entity: 'Ping',
      generation: 0,
      receivedAt: Date.UTC(2026, 0, 2),
      error: { ...error, code },
      headers: {},
      body,
    });
    const note = (id: string, text: string) => Buffer.from(JSON.stringify({ id, note: text }));
    await store.ledger.recordDeadLetters([
      entry(long, 'too_long', note(long, 'seven c')),
      entry(binary, 'invalid_json', Buffer.from([0xff, 0x1b, 0x00])),
      entry(deep, 'too_long', note(deep, 'far more than ten')),
      ...ids.slice(3).map((id) => entry(id, 'constraint_violation', note(id, 'ok'))),
    ]);
    const ran = await run('list', file);
    expect(ran.out.split('\n')[0]).toMatch(/MESSAGE ID +ENTITY +CODE +FIELD +POINTER +FAILED AT +ATTEMPTS/);
    expect(ran.out).toMatch(new RegExp(`${long}  Ping +too_long +Ping.note  /note +20\\d\\d-.*Z +1\n`));
    expect(await messages()).toHaveLength(6);
    const counted = async (...args: readonly string[]) =>
      (JSON.parse((await run('list', file, '--json', ...args)).out) as readonly unknown[]).length;
    const narrowed = [
      [['--code', 'too_long'], 2],
      [['--code', 'too_long', '--code', 'invalid_json'], 3],
      [['--entity', `x'; DROP TABLE dead_letters; --`], 0],
      [['--since', '1h'], 6],
      [['--until', '1h'], 0],
      [['--limit', '2'], 2],
      [[long, deep], 2],
    ] as const;
    // Each only reads.
    expect(await Promise.all(narrowed.map(([args]) => counted(...args)))).toEqual(
      narrowed.map(([, count]) => count),
    );
    expect((await run('list', file, '--limit', '2')).out).toContain('… and 4 older');
  });

  test('show prints everything, and nothing in it can steer the terminal', async () => {
    const text = (await run('show', file, long)).out;
    expect(text).toContain('too_long: expected 5 characters\\u{1b}[2J\\u{202e}');
    expect(text).toContain('"note":"seven c"');
    const bytes = (await run('show', file, binary)).out;
    expect(bytes).toContain(`${Buffer.from([0xff, 0x1b, 0x00]).toString('base64')}\n(3 bytes`);
    expect(`${text}${bytes}`).not.toContain('\u001b');
    expect(JSON.parse((await run('show', file, binary, '--json')).out)).toMatchObject({
      message_id: binary,
      body_base64: '/xsA',
    });
    const json = (await run('show', file, long, '--json')).out;
    expect(json).not.toMatch(/\u202e/);
    expect(JSON.parse(json)).toMatchObject({ error: { message: `expected 5 characters${hostile}` } });
    expect((await run('show', file, randomUUID())).status).toBe(1);
    expect((await run('show', file, 'none')).status).toBe(2);
  });

  test('export gives every body back byte for byte', async () => {
    const lines = (await run('export', file)).out.trimEnd().split('\n');
    const found = lines.map((line) => JSON.parse(line) as Record<string, string>);
    expect(found.map((each) => each['message_id'])).toEqual(ids);
    expect(found[0]?.['body']).toBe(JSON.stringify({ id: long, note: 'seven c' }));
    expect(found[1]?.['body_base64']).toBe('/xsA');
  });

  test('simulate counts what a changed file would let pass, and says what the others would say', async () => {
    const wider = pingFile(name, 10);
    const ran = await run('simulate', wider, '--json');
    const reports = JSON.parse(ran.out) as readonly { readonly code: string }[];
    expect(reports.find(({ code }) => code === 'too_long')).toMatchObject({
      letters: 2,
      passes: 1,
      fails: 1,
      reasons: [{ code: 'too_long', field: 'Ping.note', example: deep, letters: 1 }],
    });
    expect(reports.find(({ code }) => code === 'invalid_json')).toMatchObject({ letters: 1, fails: 1 });
    expect(reports.find(({ code }) => code === 'constraint_violation')).toMatchObject({
      postgres_decides: 3,
    });
    expect((await run('simulate', wider)).out).toContain('1 of 6 dead letters would pass now');
    expect(await messages()).toHaveLength(6);
  });

  test('replay takes an edited body that passes, refuses one that does not, and reaches the tables', async () => {
    const edited = join(folder, 'edited.json');
    writeFileSync(edited, JSON.stringify({ id: deep, note: 'too long' }));
    const refused = await run('replay', file, deep, '--body', edited);
    expect(refused).toMatchObject({ status: 1, out: '' });
    expect(refused.err).toContain('too_long at /note');
    writeFileSync(edited, JSON.stringify({ id: deep, note: 'short' }));
    const unasked = await run('replay', file, deep, '--body', edited);
    expect(unasked).toMatchObject({ status: 2, out: '' });
    expect(unasked.err).toContain('this would publish 1 dead letter again: confirm with --yes');
    expect(await run('replay', file, deep, '--body', edited, '--yes')).toMatchObject({
      status: 0,
      out: '1 replayed\n',
    });
    const bulk = await run('replay', file, '--code', 'constraint_violation', '--json', '--yes');
    expect(JSON.parse(bulk.out)).toEqual({ replayed: 3, others: [] });
    expect((await run('replay', file, deep)).status).toBe(1);
    expect((await run('replay', file)).status).toBe(2);
    expect((await run('replay', file, '--all', '--body', edited)).status).toBe(2);
    const worker = startNomnom(['run', file, '--role=worker'], { env });
    try {
      await until('the replayed messages to be written', async () => {
        const { rows } = await store.sql.query({ text: 'SELECT id, note FROM pings' });
        return rows.length === 4 ? rows.some((row) => row['note'] === 'short') : undefined;
      });
    } finally {
      await worker.stop();
    }
    expect(await messages()).toHaveLength(2);
    expect((await run('list', file, '--replayed')).out).toMatch(
      /REPLAYED AT\n(.*\n)*.*too_long.* 1 +20\d\d-.*Z\n/,
    );
  });

  test('replay that is interrupted says how many went before, and the next one sends the others', async () => {
    const sql = (text: string) => store.sql.query({ text });
    await sql(`
      INSERT INTO dead_letters (
        message_id, pipeline, entity_type, generation, body, headers, received_at, failed_at, attempts, error_code, error
      )
      SELECT gen_random_uuid(), pipeline, entity_type, 0, body, headers, received_at, failed_at, 1, 'check_failed', error
      FROM dead_letters CROSS JOIN generate_series(1, 150) WHERE message_id = '${long}'`);
    await sql(`
      CREATE FUNCTION fail_later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT count(*) > 99 FROM dead_letters WHERE replayed_at IS NOT NULL AND error_code = 'check_failed')
        THEN RAISE EXCEPTION 'I/O error' USING ERRCODE = '58030'; END IF;
        RETURN NEW;
      END $$`);
    await sql(
      'CREATE TRIGGER fail_later BEFORE UPDATE ON dead_letters FOR EACH ROW EXECUTE FUNCTION fail_later()',
    );
    const ran = await run('replay', file, '--code', 'check_failed', '--yes');
    expect(ran).toMatchObject({ status: 1, out: '' });
    expect(ran.err).toContain(
      '100 of 150 were replayed, then it failed; the same command goes on with the others\n',
    );
    await sql('DROP TRIGGER fail_later ON dead_letters');
    expect(await run('replay', file, '--code', 'check_failed', '--yes')).toMatchObject({
      status: 0,
      out: '50 replayed\n',
    });
    await sql(`DELETE FROM dead_letters WHERE error_code = 'check_failed'`);
  });

  test('drop asks first: without a person and without --yes it deletes nothing', async () => {
    const refused = await run('drop', file, '--all');
    expect(refused.status).toBe(2);
    expect(refused.err).toContain('--yes');
    expect(await messages()).toHaveLength(2);
    expect(await run('drop', file, '--all', '--yes')).toMatchObject({ status: 0, out: '2 dropped\n' });
    expect(await messages()).toEqual([]);
  });
});

test('moments are lengths of time, dates, or timestamps with an offset', () => {
  expect(momentOf('--since', '2h', 10_000_000)).toBe(2_800_000);
  expect(momentOf('--since', '2026-01-02', 0)).toBe(Date.UTC(2026, 0, 2));
  expect(momentOf('--since', '2026-01-02T03:04:05+01:00', 0)).toBe(Date.UTC(2026, 0, 2, 2, 4, 5));
  for (const wrong of ['yesterday', '2026-01-02T03:04:05', '2026-13-40', '-2h', '']) {
    expect(() => momentOf('--since', wrong, 0), wrong).toThrow('--since');
  }
});

test('text of a sender is shown without any character that steers or reorders', () => {
  expect(visible('a\u0007\u009b\u202eb\u2028é漢')).toBe('a\\u{7}\\u{9b}\\u{202e}b\\u{2028}é漢');
  expect(visibleBody(Buffer.from('{\n\t"a": 1\r}'))).toBe('{\n\\u{9}"a": 1\\u{d}}');
  const value = { '\u009b\u{e0001}': 'a\n\u007f\u2028é漢\ud800' };
  expect(jsonText(value)).toMatch(/^[\n\x20-\x7eé漢]+$/);
  expect(JSON.parse(jsonText(value))).toEqual(value);
});
