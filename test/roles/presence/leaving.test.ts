import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { openJetStreamQueue } from '../../../src/adapters/jetstream/queue.ts';
import { openPostgresQueue } from '../../../src/adapters/postgres-queue/queue.ts';
import { openStore } from '../../../src/adapters/postgres/store.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { subjectFor } from '../../../src/plan/partition.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { startPresence } from '../../../src/roles/presence/presence.ts';
import { applyTables } from '../../../src/roles/setup/apply-tables.ts';
import { refusalText } from '../../../src/roles/setup/refusal.ts';
import { refuseQueueChanges } from '../../../src/roles/setup/while-running.ts';
import { verify } from '../../../src/roles/setup/verify.ts';
import { type CountedWorker, startCountedWorker } from '../../support/counted-worker.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { until } from '../../support/until.ts';
import { CHANGES, versionOf } from './versions.ts';

const database = await freshDatabase();
const store = openStore({ url: database.url, max: 30, log: memoryLog() });
afterAll(() => store.close());

/** Two versions of a pipeline over one queue; the first is applied. */
async function versions(kind: string, first: string, second: string) {
  const id = randomBytes(5).toString('hex');
  const log = memoryLog();
  const queue =
    kind === 'Postgres'
      ? openPostgresQueue({ store: store.sql, log })
      : await openJetStreamQueue({ url: inject('natsUrl'), log, name: 'test' });
  onTestFinished(() => queue.close());
  const before = planOf(versionOf(first, id));
  const after = planOf(versionOf(second, id));
  await applyTables(store, before);
  await queue.apply(before);
  const roleNamed = (plan: Plan, name: string) => {
    const role = plan.roles.find((each) => each.name === name);
    if (role === undefined) throw new Error(`no role ${name}`);
    return role;
  };
  const status = (messageId: string) => store.ledger.readStatus(messageId);
  return {
    id,
    before,
    after,
    store,
    queue,
    log,
    status,
    work(plan: Plan): CountedWorker {
      const role = roleNamed(plan, 'worker');
      const worker = startCountedWorker({ plan, role, queue, store, clock: systemClock, log });
      onTestFinished(() => worker.stop());
      return worker;
    },
    /** Publishes as the ingest of this version would; `program` instead of its own. */
    async send(plan: Plan, entity: string, body: object, program: string | null = plan.program) {
      const target = roleNamed(plan, 'ingest').publishes[0];
      if (target === undefined) throw new Error('nothing is published');
      const messageId = randomUUID();
      const bytes = Buffer.from(JSON.stringify(body));
      const receivedAt = Date.now();
      const evaluated = plan.entities
        .find(({ name }) => name === entity)
        ?.evaluate({ body: String(bytes), headers: {}, messageId, receivedAt });
      const key = evaluated?.kind === 'rows' ? evaluated.orderKey : undefined;
      const outcomes = await queue.publisher().publish([
        {
          stream: target.stream,
          subject: subjectFor(plan, target, entity, key),
          entity,
          messageId,
          dedupeId: messageId,
          generation: 0,
          body: bytes,
          headers: {},
          receivedAt,
          program: program ?? undefined,
        },
      ]);
      expect(outcomes).toMatchObject([{ kind: 'stored' }]);
      return messageId;
    },
    async settled(messageId: string, expected: string) {
      return until(
        `${messageId} is ${expected}`,
        async () => {
          const found = await status(messageId);
          return found?.status === expected ? found : undefined;
        },
        { within: 30_000 },
      );
    },
    async logged(message: string) {
      return until(message, () => log.lines.find((line) => line.message === message), { within: 30_000 });
    },
    rows: async (text: string) => (await store.sql.query({ text: text.replaceAll('ID', id) })).rows,
  };
}

const NEWER = 'messages of another program are left to newer workers';
const REFUSED = 'a newer program is active: what Postgres refuses is left to newer workers';

const changeNamed = (name: string) => {
  const change = CHANGES.find((each) => each.name === name);
  if (change === undefined) throw new Error(`no change ${name}`);
  return change;
};

describe.each(['JetStream', 'Postgres'])('a message of another program over %s', (kind) => {
  test('of an unknown entity waits for a newer worker, costs no attempt, and is logged once', async () => {
    const { before, after } = changeNamed('entity added');
    const rig = await versions(kind, before, after);
    rig.work(rig.before);
    const sent = [
      await rig.send(rig.after, 'Extra', { id: 1 }),
      await rig.send(rig.after, 'Extra', { id: 2 }),
      await rig.send(rig.after, 'Thing', { id: 3, name: 'same rules' }),
    ];
    const { fields } = await rig.logged(NEWER);
    expect(fields).toMatchObject({
      entity: 'Extra',
      program: rig.after.program,
      own_program: rig.before.program,
    });
    await applyTables(rig.store, rig.after);
    rig.work(rig.after);
    for (const id of sent) expect(await rig.settled(id, 'completed')).toMatchObject({ retryCount: 0 });
    const lines = rig.log.lines.filter(({ message }) => message === NEWER);
    expect(lines.filter((line) => line.fields['entity'] === 'Extra')).toHaveLength(1);
    expect(await rig.rows(`SELECT FROM dead_letters WHERE pipeline = 'pID'`)).toEqual([]);
  });

  test('that is older and does not fit says which programs and why', async () => {
    const { before, after } = changeNamed('entity removed');
    const rig = await versions(
      kind,
      before,
      after.replace('name: text(20)', 'name: text(20)\n  size: int?\n  check id < 100 "small"'),
    );
    await applyTables(rig.store, rig.after);
    rig.work(rig.after);
    const removed = await rig.settled(await rig.send(rig.before, 'Extra', { id: 1 }), 'dlq');
    expect(removed.error).toMatchObject({ code: 'program_changed', entity: 'Extra' });
    expect(removed.error?.message).toContain('the entity Extra was removed');
    const refused = await rig.settled(await rig.send(rig.before, 'Thing', { id: 100, name: 'a' }), 'dlq');
    expect(refused.error?.message).toMatch(
      new RegExp(
        `^program ${rig.before.program} of 2.* does not fit program ${rig.after.program} of 2.*: check_failed`,
      ),
    );
  });

  test('of no program and an unknown entity waits only while a newer program is active', async () => {
    const { before, after } = changeNamed('entity added');
    const rig = await versions(kind, before, after);
    const old = rig.work(rig.before);
    const send = async (): Promise<string> => rig.send(rig.after, 'Extra', { id: 1 }, null);
    expect(await rig.settled(await send(), 'dlq')).toMatchObject({ error: { code: 'unknown_entity' } });
    await applyTables(rig.store, rig.after);
    const waits = await send();
    await rig.logged(NEWER);
    expect(await rig.status(waits)).toBeUndefined();
    await old.stop();
    rig.work(rig.after);
    await rig.settled(waits, 'completed');
  });

  test('is older again once the old program is applied again', async () => {
    const { before, after } = changeNamed('entity added');
    const rig = await versions(kind, before, after);
    await applyTables(rig.store, rig.after);
    rig.work(rig.before);
    const id = await rig.send(rig.after, 'Extra', { id: 1 });
    await rig.logged(NEWER);
    await applyTables(rig.store, rig.before);
    expect((await rig.settled(id, 'dlq')).error).toMatchObject({ code: 'program_changed' });
  });

  test('keeps its place in the order of its key', async () => {
    const moves = (more: string) => `
entity Move {
  item: int
  step: int
  ${more}
  ordered by (item)
  store moves_ID { key (item)  upsert on (item) replace }
}`;
    const rig = await versions(kind, moves(''), moves('note: text?'));
    await applyTables(rig.store, rig.after);
    const old = rig.work(rig.before);
    const newer = await rig.send(rig.after, 'Move', { item: 1, step: 0, note: 'new' });
    await rig.send(rig.after, 'Move', { item: 1, step: 1, note: 'new' });
    await rig.logged(NEWER);
    const behind = await rig.send(rig.before, 'Move', { item: 1, step: 2 });
    const other = await rig.send(rig.before, 'Move', { item: 2, step: 1 });
    await rig.settled(other, 'completed');
    expect((await rig.status(behind))?.status).not.toBe('completed');
    await old.stop();
    rig.work(rig.after);
    await rig.settled(newer, 'completed');
    await rig.settled(behind, 'completed');
    expect(await rig.rows('SELECT step FROM moves_ID WHERE item = 1')).toEqual([{ step: 2 }]);
  });
});

test('what Postgres refuses is held against no message while a newer program is active', async () => {
  const { before, after } = changeNamed('nullable column added');
  const rig = await versions('Postgres', before, after);
  const old = rig.work(rig.before);
  await applyTables(rig.store, rig.after);
  await rig.rows('ALTER TABLE things_ID ADD CONSTRAINT hurdle CHECK (id < 10)');
  const id = await rig.send(rig.before, 'Thing', { id: 50, name: 'a' });
  const good = await rig.send(rig.before, 'Thing', { id: 5, name: 'a' });
  await rig.logged(REFUSED);
  await rig.settled(good, 'completed');
  expect(await rig.status(id)).toBeUndefined();
  await old.stop();
  await rig.rows('ALTER TABLE things_ID DROP CONSTRAINT hurdle');
  rig.work(rig.after);
  expect(await rig.settled(id, 'completed')).toMatchObject({ retryCount: 0 });
});

test('a column that the program does not know pauses the worker and is held against no message', async () => {
  const { before } = changeNamed('nullable column added');
  const rig = await versions('Postgres', before, before);
  const worker = rig.work(rig.before);
  await rig.rows('ALTER TABLE things_ID ADD COLUMN size int NOT NULL');
  const id = await rig.send(rig.before, 'Thing', { id: 1, name: 'a' });
  const state = await until('a pause', () => {
    const now = worker.state();
    return now.kind === 'paused' ? now : undefined;
  });
  expect(state.reason).toContain('column size of table things_');
  await rig.rows('ALTER TABLE things_ID ALTER COLUMN size SET DEFAULT 0');
  expect(await rig.settled(id, 'completed')).toMatchObject({ retryCount: 0 });
});

describe('apply beside running processes', () => {
  const running = async (before: string, after: string) => {
    const rig = await versions('Postgres', before, after);
    const role = rig.before.roles.find(({ name }) => name === 'worker');
    if (role === undefined) throw new Error('no worker');
    const { before: plan, log } = rig;
    const presence = startPresence({ plan, role, consumes: true, store, clock: systemClock, log });
    await presence.announce();
    onTestFinished(() => presence.stop());
    return { ...rig, presence };
  };
  const thing = (fields: string, rest = '') =>
    `entity Thing { id: int  ${fields}  store things_ID { key (id)  upsert on (id) replace  ${rest} } }\n`;
  const parent = 'entity Parent { id: int  store parents_ID { key (id)  upsert on (id) replace } }\n';
  const size = 'enum Size { Small  Large }\n';

  test.each([
    ['a column that takes no null', thing(''), thing('size: int'), 'add column size'],
    [
      'a column that takes no null any more',
      thing('size: int?'),
      thing('size: int'),
      'forbid nulls in column size',
    ],
    [
      'a list of allowed strings',
      thing('size: text(9)'),
      size + thing('size: Size'),
      'add a check of column size',
    ],
    ['a unique constraint', thing('size: int'), thing('size: int', 'unique (size)'), 'add unique (size)'],
    [
      'a foreign key',
      parent + thing('up: int'),
      parent + thing('up: int', 'ref (up) -> Parent (id)'),
      'add ref (up)',
    ],
  ])('refuses %s, and says who runs and what to do', async (_what, before, after, line) => {
    const rig = await running(before, after);
    const failure = await applyTables(rig.store, rig.after).catch((error: unknown) => error);
    const text = (failure as Error).message;
    expect(failure).toMatchObject({ code: 'STILL_RUNNING' });
    expect(text).toContain(line);
    expect(text).toContain(`role worker: 1 of program ${rig.before.program}`);
    expect(text).toContain('--while-running');
    // Nothing was changed: the old program is still the active one, on the tables that it made.
    expect(refusalText('', await verify(rig.store, rig.queue, rig.before))).toBeUndefined();
    await rig.presence.programs.refresh();
    expect(rig.presence.programs.outdated()).toBe(false);

    await rig.presence.stop();
    expect((await applyTables(rig.store, rig.after)).join()).toContain(line);
  });

  test('makes such a change where it is told to', async () => {
    const rig = await running(thing(''), thing('size: int'));
    expect(await applyTables(rig.store, rig.after, { whileRunning: true })).toHaveLength(1);
  });

  test.each(CHANGES.filter(({ name }) => name !== 'field became required'))(
    'lets the old version start again: $name',
    async ({ before, after, byHand }) => {
      const rig = await running(before, after);
      if (byHand !== undefined) await rig.rows(byHand);
      await applyTables(rig.store, rig.after);
      await rig.queue.apply(rig.after);
      expect(refusalText('', await verify(rig.store, rig.queue, rig.before))).toBeUndefined();
      await rig.presence.programs.refresh();
      expect(rig.presence.programs.outdated()).toBe(true);
    },
  );

  test('refuses to take subjects and filters away from them', async () => {
    const rig = await running(thing(''), thing('size: int?'));
    const moved = JSON.parse(JSON.stringify(rig.after).replaceAll('.ingest.', '.other.')) as Plan;
    const found = await rig.queue.differences(moved);
    const failure = await refuseQueueChanges(rig.store, moved, found).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'STILL_RUNNING' });
    expect((failure as Error).message).toMatch(/stream S.*, subjects: .*other.* instead of .*ingest/);
    await rig.presence.stop();
    await refuseQueueChanges(rig.store, moved, found);
  });

  test('counts no process that was not heard of for long, nor one that only accepts messages', async () => {
    const rig = await versions('Postgres', thing('size: int?'), thing('size: int'));

    const gone = { id: randomUUID(), pipeline: rig.before.pipeline, role: 'worker', consumes: true };
    await store.ledger.processes.beat({ ...gone, program: rig.before.program }, -1);
    const ingest = { ...gone, id: randomUUID(), role: 'ingest', consumes: false };
    await store.ledger.processes.beat({ ...ingest, program: rig.before.program }, 60_000);
    expect(await applyTables(store, rig.after)).toHaveLength(1);
  });
});
