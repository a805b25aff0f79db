import { randomUUID } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { openJetStreamQueue } from '../../src/adapters/jetstream/queue.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { writerOver } from '../../src/adapters/postgres/writer/writer.ts';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import type { ColumnPlan, ConsumePlan, Plan } from '../../src/plan/plan.ts';
import { createStatements } from '../../src/sql/postgres/ddl/create-statements.ts';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../src/sql/postgres/identifier.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';
import { limitProgram, limitWiring } from './limit-program.ts';
import { generatedProgram, generatedWiring } from './generated-program.ts';

const database = await freshDatabase();
// No table of a program may be one of ours.
const store = openStore({ url: database.url, max: 1, log: memoryLog() });
await store.transaction(({ ledger }) => ledger.migrate());
await store.close();
const client = new Client({ connectionString: database.url });
await client.connect();
const natsUrl = inject('natsUrl');
const queue = await openJetStreamQueue({ url: natsUrl, log: memoryLog(), name: 'test' });
const connection = await connect({ servers: natsUrl });
const manager = await jetstreamManager(connection);
afterAll(async () => {
  await client.end();
  await queue.close();
  await connection.close();
});

function planOf(text: string): Plan | undefined {
  const { program, accepted } = analyze({ name: 'generated.nom', text });
  return accepted ? compilePlan(program, 'generated.nom') : undefined;
}

/** Creates every table and lets Postgres plan every statement; nothing of it stays. */
async function tryOut(plan: Plan, more: () => Promise<void> = async () => {}): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const sql of createStatements(plan)) await client.query(sql);
    // A refusal is the error of the driver here, and rejects.
    expect(await writer.prove(plan.tables)).toEqual([]);
    await more();
  } finally {
    await client.query('ROLLBACK');
  }
}

const writer = writerOver({
  async query({ text, values = [] }) {
    const { rows, rowCount } = await client.query(text, [...values]);
    return { rows, rowCount: rowCount ?? 0 };
  },
});

test('what the check accepts, Postgres accepts as tables and as statements', async () => {
  let accepted = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(generatedProgram('shop'), async (text) => {
      const plan = planOf(text);
      if (plan === undefined) refused += 1;
      else {
        accepted += 1;
        await tryOut(plan);
      }
    }),
    { numRuns: 250 },
  );
  // Otherwise the generator proves nothing.
  expect(accepted).toBeGreaterThan(refused / 4);
});

/** The smallest value of a column that takes no null. */
function smallest({ holds, allowed }: ColumnPlan): string {
  if (holds.kind === 'list') return "'{}'";
  if (allowed !== undefined) return quoteLiteral(allowed[0] ?? '');
  return (
    { text: "''", bytes: "''", bool: 'false', uuid: 'gen_random_uuid()', json: "'{}'" }[holds.column.name] ??
    (['date', 'timestamp'].includes(holds.column.name)
      ? 'now()'
      : holds.column.name === 'time'
        ? "'00:00'"
        : '0')
  );
}

test('at the limits of Postgres, too, it accepts the tables, the statements and a row', async () => {
  let accepted = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(limitProgram, async (text) => {
      const plan = planOf(text);
      if (plan === undefined) refused += 1;
      else {
        accepted += 1;
        await tryOut(plan, async () => {
          for (const table of plan.tables) {
            const filled = table.columns.filter(({ nullable }) => !nullable);
            await client.query(
              `INSERT INTO ${qualifiedName(table)} (${filled.map(({ name }) => quoteIdentifier(name)).join(', ')})
              SELECT ${filled.map(smallest).join(', ')}`,
            );
          }
        });
      }
    }),
    { numRuns: 70 },
  );
  expect(accepted).toBeGreaterThan(15);
  expect(refused).toBeGreaterThan(15);
});

test('what the check accepts, JetStream accepts as streams and consumers', async () => {
  let accepted = 0;
  let partitioned = 0;
  let run = 0;
  const wiring = fc.nat().chain(() => generatedWiring(`p${(run += 1)}`));
  await fc.assert(
    fc.asyncProperty(wiring, async (text) => {
      const plan = planOf(text);
      if (plan === undefined) return;
      accepted += 1;
      if (plan.roles.some((role) => role.consumes.some((each) => each.partition !== undefined)))
        partitioned += 1;
      await queue.apply(plan);
      expect(await queue.differences(plan)).toEqual([]);
      for (const { name } of plan.streams) await manager.streams.delete(name);
    }),
    { numRuns: 250 },
  );
  // Otherwise the generator proves nothing.
  expect(accepted).toBeGreaterThan(10);
  expect(partitioned).toBeGreaterThan(5);
});

/** Publishes a message for the consumer, and takes it there. */
async function passThrough(consume: ConsumePlan): Promise<void> {
  const [entity = ''] = consume.entities;
  const messageId = randomUUID();
  const [outcome] = await queue.publisher().publish([
    {
      stream: consume.stream,
      subject: consume.filter.replace('*', entity),
      entity,
      messageId,
      dedupeId: messageId,
      generation: 0,
      body: Buffer.from('{}'),
      headers: {},
      receivedAt: 0,
      program: undefined,
    },
  ]);
  expect(outcome).toEqual({ kind: 'stored', duplicate: false });
  const consumer = await queue.consumer(consume);
  if (consume.partition !== undefined) await consumer.restart();
  const request = { max: 1, wait: 10_000, linger: 1, signal: AbortSignal.timeout(20_000) };
  const deliveries = await consumer.fetch(request);
  expect(deliveries.map((each) => [each.messageId, each.entity])).toEqual([[messageId, entity]]);
  await consumer.ack(deliveries);
  await consumer.close();
}

test('names at the limits of JetStream, too, are those of streams and consumers that take a message', async () => {
  let accepted = 0;
  let refused = 0;
  let run = 0;
  const wiring = fc.nat().chain(() => limitWiring(`l${(run += 1)}`));
  await fc.assert(
    fc.asyncProperty(wiring, async (text) => {
      const plan = planOf(text);
      if (plan === undefined) {
        refused += 1;
        return;
      }
      accepted += 1;
      try {
        await queue.apply(plan);
        expect(await queue.differences(plan)).toEqual([]);
        const { consumes = [] } = plan.roles.find(({ name }) => name !== 'ingest') ?? {};
        for (const consume of [...consumes.slice(0, 1), ...consumes.slice(-1)]) await passThrough(consume);
      } finally {
        for (const { name } of plan.streams) await manager.streams.delete(name).catch(() => false);
      }
    }),
    { numRuns: 60 },
  );
  expect(accepted).toBeGreaterThan(5);
  expect(refused).toBeGreaterThan(5);
});
