import * as fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { replay } from '../../../src/roles/dead-letters/replay.ts';
import { until } from '../../support/until.ts';
import { partitioned } from './partitioned.ts';
import { openRig, QUEUES, type Rig, type Sent } from './rig.ts';

/** Items that move: the last move of an item wins, whatever its number, so that only the order can be right. */
const moving =
  (settings = '', ordering = 'ordered by (item)') =>
  (id: string) =>
    `
${partitioned(id, 6, `batch: 20  ${settings}`)}
entity Box {
  box: bigint
  store boxes { key (box)  upsert on (box) replace }
}
entity Move {
  item: bigint
  step: bigint
  box: bigint?
  ${ordering}
  store moves { key (item)  upsert on (item) replace }
}
derive Stop from Move as move {
  item = move.item
  step = move.step
  box = move.box
  store stops { key (item, step)  upsert on (item, step) keep  ref (box) -> Box (box) }
}`;

/** Moves of which some have legs, in a table of their own. */
const withLegs = (id: string) => `
${partitioned(id, 6, 'batch: 20  attempts: 1000  backoff: 10ms..50ms')}
shape LegOf { leg: int }
entity Move {
  item: bigint
  step: bigint
  legs: LegOf[]
  ordered by (item)
  store moves { key (item)  upsert on (item) replace }
}
derive Leg from Move as move, each move.legs as leg {
  item = move.item
  step = move.step
  leg = leg.leg
  store legs { key (item, step, leg)  upsert on (item, step, leg) keep }
}`;

const move = (item: number, step: number, box: number | null = null): Sent => ({
  entity: 'Move',
  body: { item, step, box },
});

function givenBack({ log }: Rig): number {
  return log.lines.filter(({ message }) => message.startsWith('gave messages back')).length;
}

/** Lets every write of a move take a random time, and notes each that comes after a later one of its item. */
async function disturbed(rig: Rig): Promise<void> {
  await rig.rows('CREATE TABLE steps_back (item bigint, was bigint, became bigint)');
  await rig.rows(`
    CREATE FUNCTION look_back() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_sleep(random() * 0.003);
      IF NEW.step < OLD.step THEN INSERT INTO steps_back VALUES (NEW.item, OLD.step, NEW.step); END IF;
      RETURN NEW;
    END $$`);
  await rig.rows(`CREATE TRIGGER look_back BEFORE UPDATE ON moves FOR EACH ROW EXECUTE FUNCTION look_back()`);
}

/** Moves of many items, mixed; the steps of each item ascend. */
function manyMoves(count: number, items: number, seed: number): readonly Sent[] {
  const steps = new Map<number, number>();
  return fc.sample(fc.integer({ min: 1, max: items }), { numRuns: count, seed }).map((item) => {
    const step = (steps.get(item) ?? 0) + 1;
    steps.set(item, step);
    return move(item, step);
  });
}

function lastSteps(sent: readonly Sent[]) {
  const last = new Map<number, number>();
  for (const { body } of sent) {
    const { item, step } = body as { item: number; step: number };
    last.set(item, step);
  }
  return [...last]
    .toSorted(([left], [right]) => left - right)
    .map(([item, step]) => ({ item: String(item), step: String(step) }));
}

const MOVES = 'SELECT item, step FROM moves ORDER BY item';

describe.concurrent.each(QUEUES)('messages of an entity with `ordered by`, over the %s queue', (kind) => {
  test('are applied in order by four workers at random speeds, of which some stop and others start', async (here) => {
    const rig = await openRig(kind, moving('concurrency: 3'), here);
    await disturbed(rig);
    const sent = manyMoves(3_000, 60, 7);
    const workers = [rig.work(), rig.work(), rig.work(), rig.work()];
    await rig.publish(sent.slice(0, 1_000));
    await rig.settled(400);
    await Promise.all(workers.slice(0, 2).map((worker) => worker.stop()));
    await rig.publish(sent.slice(1_000, 2_000));
    await rig.settled(1_200);
    rig.work();
    rig.work();
    await rig.publish(sent.slice(2_000));
    await rig.settled(3_000);
    expect(await rig.rows('SELECT * FROM steps_back')).toEqual([]);
    expect(await rig.rows(MOVES)).toEqual(lastSteps(sent));
    expect(await rig.statuses()).toEqual({ completed: 3_000 });
  });

  test('are shared out among the workers that are there', async (here) => {
    const rig = await openRig(kind, moving(), here);
    const shares = async () =>
      (
        await rig.rows(
          'SELECT count(*)::int AS n FROM nomnom_partitions WHERE holder IS NOT NULL GROUP BY holder',
        )
      ).map(({ n }) => Number(n));
    const first = rig.work();
    await until('one worker to have all', async () => (await shares()).join() === '6');
    rig.work();
    await until('two workers to have three each', async () => (await shares()).join() === '3,3');
    await first.stop();
    await until('the one that is left to have all', async () => (await shares()).join() === '6');
    expect(first.state().kind).toBe('stopped');
  });

  test('wait for an earlier one of their key that waits for its parent, and let other keys pass', async (here) => {
    const rig = await openRig(kind, moving('backoff: 200ms..200ms  attempts: 500'), here);
    rig.work();
    const [waiting = ''] = await rig.publish([move(1, 1, 77)]);
    await until('the first to be tried', async () => (await rig.status(waiting))?.status === 'retrying');
    await rig.publish([move(1, 2), move(2, 1), move(1, 3)]);
    await rig.publish([move(1, 4), move(2, 2), move(3, 1)]);
    await until('the others', async () => (await rig.rows(MOVES)).length === 2);
    await rig.settled(3);
    expect(await rig.rows(MOVES)).toEqual(lastSteps([move(2, 2), move(3, 1)]));
    await rig.publish([{ entity: 'Box', body: { box: 77 } }]);
    await rig.settled(8);
    expect(await rig.rows(MOVES)).toEqual(lastSteps([move(1, 4), move(2, 2), move(3, 1)]));
    expect(await rig.statuses()).toEqual({ completed: 8 });
  });

  test('go on behind one that became a dead letter', async (here) => {
    const rig = await openRig(kind, moving('backoff: 500ms..500ms  attempts: 2'), here);
    rig.work();
    const [doomed = ''] = await rig.publish([move(1, 2, 77)]);
    await until('it to fail', async () => (await rig.status(doomed))?.status === 'retrying');
    await rig.publish([move(1, 3)]);
    await rig.settled(2);
    expect(await rig.statuses()).toEqual({ completed: 1, dlq: 1 });
    expect(await rig.rows(MOVES)).toEqual(lastSteps([move(1, 3)]));
  });

  test('keep their order while their table is sick, for all or for some, and none is charged or lost', async (here) => {
    const rig = await openRig(kind, moving('attempts: 1000  backoff: 10ms..50ms'), here);
    await disturbed(rig);
    await rig.rows(`
      CREATE FUNCTION sicken() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'I/O error' USING ERRCODE = '58030'; END $$`);
    const sicken = (when: string) =>
      rig.rows(
        `CREATE TRIGGER sicken BEFORE INSERT OR UPDATE ON moves FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION sicken()`,
      );
    await sicken('true');
    const sent = manyMoves(200, 12, 3);
    await rig.publish(sent.slice(0, 120));
    rig.work();
    rig.work();
    await until('messages that were given back', () => givenBack(rig) > 5, { within: 30_000 });
    expect(await rig.rows('SELECT max(retry_count) AS most FROM message_status')).toEqual([{ most: null }]);
    await rig.rows('DROP TRIGGER sicken ON moves');
    await sicken('NEW.item = 3');
    await rig.publish(sent.slice(120));
    const of3 = sent.filter(({ body }) => (body as { item: number }).item === 3).length;
    await rig.settled(200 - of3);
    await rig.rows('DROP TRIGGER sicken ON moves');
    await rig.settled(200);
    expect(await rig.statuses()).toEqual({ completed: 200 });
    expect(await rig.rows(MOVES)).toEqual(lastSteps(sent));
    expect(await rig.rows('SELECT * FROM steps_back')).toEqual([]);
    const charged = await rig.rows('SELECT count(*)::int AS n FROM message_status WHERE retry_count > 0');
    expect(charged[0]?.['n']).toBeLessThanOrEqual(1);
  }, 90_000);

  test('wait for an earlier one of their key that writes a sick table, also where they do not write it', async (here) => {
    const rig = await openRig(kind, withLegs, here);
    await rig.rows(`
      CREATE FUNCTION sicken() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'I/O error' USING ERRCODE = '58030', SCHEMA = 'public', TABLE = 'legs'; END $$`);
    await rig.rows('CREATE TRIGGER sicken BEFORE INSERT ON legs FOR EACH ROW EXECUTE FUNCTION sicken()');
    const sent = [1, 2, 3, 4].flatMap((step) =>
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((item) => ({
        entity: 'Move',
        body: { item, step, legs: step === 1 ? [{ leg: 1 }] : [] },
      })),
    );
    await rig.publish(sent);
    rig.work();
    await until('messages that were given back often', () => givenBack(rig) > 12, { within: 30_000 });
    expect(await rig.rows(MOVES)).toEqual([]);
    await rig.rows('DROP TRIGGER sicken ON legs');
    await rig.settled(sent.length);
    expect(await rig.rows(MOVES)).toEqual(lastSteps(sent));
  }, 90_000);

  test('come last in their key where a dead letter is replayed', async (here) => {
    const rig = await openRig(kind, moving('backoff: 50ms..50ms  attempts: 2'), here);
    rig.work();
    await rig.publish([move(1, 2, 77)]);
    await rig.settled(1);
    await rig.publish([{ entity: 'Box', body: { box: 77 } }, move(1, 3)]);
    await rig.settled(3);
    const { plan, store, queue } = rig;
    const letters = await store.ledger.deadLetters.newest({ pipeline: plan.pipeline }, 10);
    const options = { plan, store, publisher: queue.publisher(), token: randomUUID() };
    expect(await replay(options, letters)).toEqual([{ kind: 'replayed' }]);
    await until('the replay', async () => (await rig.statuses())['completed'] === 3);
    expect(await rig.rows(MOVES)).toEqual(lastSteps([move(1, 2)]));
  });

  test('are not written by a worker whose partitions another one has taken', async (here) => {
    const rig = await openRig(kind, moving(), here);
    rig.work();
    const held = 'SELECT FROM nomnom_partitions WHERE holder IS NOT NULL';
    await until('the partitions', async () => (await rig.rows(held)).length === 6);
    await rig.rows(
      "UPDATE nomnom_partitions SET holder = gen_random_uuid(), epoch = epoch + 1, expires_at = now() + interval '4 s'",
    );
    const sent = manyMoves(50, 10, 3);
    await rig.publish(sent);
    const taken = "SELECT FROM nomnom_partitions WHERE expires_at > now() + interval '4 s'";
    while ((await rig.rows(taken)).length === 0) expect(await rig.rows(MOVES)).toEqual([]);
    await rig.settled(50);
    expect(await rig.rows(MOVES)).toEqual(lastSteps(sent));
  });

  test('have their partitions while Postgres is away and come back, in order', async (here) => {
    const rig = await openRig(kind, moving(), here);
    await disturbed(rig);
    const worker = rig.work();
    rig.work();
    const sent = manyMoves(1_500, 30, 5);
    await rig.publish(sent.slice(0, 1_000));
    await rig.settled(100);
    await rig.proxy.cut();
    await until('a reason', () => worker.state().kind === 'paused');
    await rig.publish(sent.slice(1_000));
    await rig.proxy.restore();
    await rig.settled(1_500);
    expect(await rig.rows('SELECT * FROM steps_back')).toEqual([]);
    expect(await rig.rows(MOVES)).toEqual(lastSteps(sent));
  });
});
