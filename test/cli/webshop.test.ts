import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { messageFiles } from '../../pipelines/webshop/messages.ts';
import { pinoLog } from '../../src/adapters/pino-log.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { freshDatabase } from '../support/database.ts';
import { nomnom, root, startNomnom, type Started } from '../support/nomnom.ts';
import { until } from '../support/until.ts';
import { expectedTables, moment, sorted, type TextRow } from '../support/webshop.ts';

/** The pipeline with a stream of its own for each run. */
function pipelineFile(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-'));
  cpSync(join(root, 'pipelines/webshop'), join(folder, 'webshop'), { recursive: true });
  const text = readFileSync(join(root, 'pipelines/webshop.nom'), 'utf8');
  const file = join(folder, `${name}.nom`);
  writeFileSync(
    file,
    text
      .replaceAll('WEBSHOP', name.toUpperCase())
      .replace('pipeline webshop', `pipeline ${name}`)
      .replaceAll('"webshop.', `"${name}.`),
  );
  return file;
}

/** As text, moments in UTC, JSON without blanks. */
function comparable(row: TextRow): TextRow {
  return Object.fromEntries(
    Object.entries(row).map(([column, text]) => {
      if (text === null) return [column, null];
      if (column.endsWith('_at')) return [column, moment(text)];
      return [column, /^[[{]/.test(text) ? JSON.stringify(JSON.parse(text)) : text];
    }),
  );
}

describe.each(['JetStream', 'Postgres'] as const)('the web shop over %s', async (kind) => {
  const name = `shop_${randomUUID().slice(0, 8)}`;
  const file = pipelineFile(name);
  const database = await freshDatabase();
  const natsUrl = inject('natsUrl');
  const env = { DATABASE_URL: database.url, ...(kind === 'JetStream' ? { NATS_URL: natsUrl } : {}) };
  const store = openStore({ url: database.url, max: 1, log: pinoLog({ level: 'silent' }) });
  const started: Started[] = [];
  afterAll(async () => {
    await Promise.all(started.map((process) => process.stop('SIGKILL')));
    await store.close();
  });

  test('every table holds what its messages say, to the last digit', async () => {
    expect(await nomnom(['apply', file, '--yes'], { env })).toMatchObject({ status: 0, err: '' });
    const ingest = startNomnom(['run', file, '--role=ingest', '--port=0', '--host=127.0.0.1'], { env });
    started.push(ingest, startNomnom(['run', file, '--role=worker'], { env }));
    const url = (await ingest.printed(/"address":"(http:[^"]+)"/))[1] ?? '';
    let sent = 0;
    for (const {
      entity,
      name: messages,
      messages: { length },
    } of messageFiles(1)) {
      const data = join(root, `pipelines/webshop/${messages}.ndjson`);
      const ran = await nomnom(['send', file, entity, data, '--url', url]);
      expect(ran).toMatchObject({ status: 0, out: `${length} accepted, 0 rejected\n` });
      sent += length;
    }
    const statuses = await until('all messages to be done', async () => {
      const { rows } = await store.sql.query({
        text: 'SELECT status, count(*)::int AS messages FROM message_status GROUP BY status',
      });
      const counts = new Map(rows.map((row) => [String(row['status']), Number(row['messages'])]));
      const done = ['completed', 'superseded', 'dlq'].reduce((sum, each) => sum + (counts.get(each) ?? 0), 0);
      return done === sent ? counts : undefined;
    });
    expect(statuses.has('dlq')).toBe(false);
    expect(statuses.get('superseded')).toBeGreaterThan(0);
    for (const [table, rows] of Object.entries(expectedTables())) {
      const found = await store.sql.query({
        text: `SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t)))::text AS row FROM ${table} AS t`,
      });
      const written = found.rows.map((row) => comparable(JSON.parse(String(row['row'])) as TextRow));
      expect(rows.length, table).toBeGreaterThan(0);
      expect(sorted(written), table).toEqual(sorted(rows));
    }
  });
});
