import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Failure } from '../../../src/ports/failure.ts';
import { newEvidence } from '../../../src/roles/worker/fail/evidence.ts';
import type { Message } from '../../../src/roles/worker/message.ts';
import { newPauses } from '../../../src/roles/worker/fail/pauses.ts';
import { writePlan } from '../../../src/roles/worker/write-plan.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { logTelemetry } from '../../../src/adapters/telemetry/log-telemetry.ts';
import { shop } from './rig.ts';

const write = writePlan(planOf(shop()('1')));
const FAILURE = new Failure('STORE_UNEXPECTED', 'sick', { sql: { sqlstate: 'P0001' } });

/** What the worker knows, at a time that the test decides. */
function stage() {
  let now = 1_000_000;
  const log = memoryLog();
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const pauses = newPauses(clock, logTelemetry(log));
  const evidence = newEvidence({ write, clock, pauses });
  const pass = (milliseconds: number): void => void (now += milliseconds);
  /** A message that fails alone, and failed in no batch before. */
  const fails = (message: Message, failure = FAILURE): boolean => {
    const search = evidence.search();
    const own = evidence.failed(message, failure, search.since);
    search.end();
    return own;
  };
  return { evidence, pauses, log, pass, fails };
}

/** A message with a row in each of the tables. */
function message(id: string, ...tables: readonly number[]): Message {
  const writes = tables.map((table) => ({ table, rows: [[1]], deletes: [], parents: [] }));
  const delivery = { messageId: id, entity: 'Order', deliveries: 1 };
  return { kind: 'message', delivery, entity: { name: 'Order' }, writes } as unknown as Message;
}

test('a message is charged where it fails, others are written, and it fails again', () => {
  const { evidence, fails } = stage();
  expect(fails(message('a', 0))).toBe(false);
  expect(fails(message('a', 0))).toBe(false);
  evidence.committed([message('b', 0)]);
  expect(fails(message('a', 0))).toBe(true);
  expect(fails(message('a', 0))).toBe(true);
});

test('somebody is told of a message that fails for long, once in a while', () => {
  const { evidence, fails, pass } = stage();
  const odd = message('odd', 0);
  expect(evidence.isToBeTold(odd)).toBe(false);
  const told: number[] = [];
  for (let second = 0; second < 90; second += 1) {
    fails(odd);
    if (evidence.isToBeTold(odd)) told.push(second);
    pass(1_000);
  }
  expect(told).toEqual([10, 70]);
  evidence.committed([odd]);
  expect(evidence.isToBeTold(odd)).toBe(false);
});

test.each(['STORE_FULL', 'STORE_FAILING'] as const)(
  'a message that %s is told of is never charged, whatever is written meanwhile',
  (code) => {
    const { evidence, fails } = stage();
    const failure = new Failure(code, 'no room');
    for (let times = 0; times < 20; times += 1) {
      expect(fails(message('large', 0), failure)).toBe(false);
      evidence.committed([message(`small ${times}`, 0)]);
    }
  },
);

test('others speak against it only at all the places where it writes', () => {
  const { evidence, fails } = stage();
  fails(message('a', 0, 1));
  evidence.committed([message('b', 0)]);
  expect(fails(message('a', 0, 1))).toBe(false);
  evidence.committed([message('c', 1)]);
  expect(fails(message('a', 0, 1))).toBe(true);
});

test('it is not charged while another one fails at the same place', () => {
  const { evidence, fails } = stage();
  fails(message('a', 0));
  evidence.committed([message('b', 0)]);
  expect(fails(message('c', 0))).toBe(false);
  expect(fails(message('a', 0))).toBe(false);
});

test('what was written long ago says nothing of now, unless it happens again and again', () => {
  const { evidence, pass, fails } = stage();
  fails(message('a', 0));
  const charged = [1, 2, 3].map(() => {
    evidence.committed([message('b', 0)]);
    pass(30_000);
    return fails(message('a', 0));
  });
  expect(charged).toEqual([false, false, true]);
});

test('an outage that begins right after a success charges few of those that wait', () => {
  const { evidence, fails } = stage();
  const waiting = Array.from({ length: 50 }, (_, at) => message(`m${at}`, 0));
  for (const each of waiting) fails(each);
  evidence.committed([message('b', 0)]);
  expect(waiting.filter((each) => fails(each))).toHaveLength(3);
});

test('whatever fails and whenever, nothing is charged where nothing was written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: fc.nat(20), table: fc.nat(2), later: fc.nat(100_000) }), { maxLength: 200 }),
      (failures) => {
        const { evidence, pass, fails } = stage();
        for (const { id, table, later } of failures) {
          pass(later);
          // Of other tables something is written all the time.
          evidence.committed([message('x', 3)]);
          expect(fails(message(String(id), table))).toBe(false);
          evidence.turn()?.end();
        }
      },
    ),
  );
});

test('several that fail make a place sick until one gets through, or nothing is heard of it for a while', () => {
  const { evidence, pauses, log, pass, fails } = stage();
  for (const id of ['a', 'b', 'c']) {
    expect(evidence.blocked(message('d', 0))).toBe(false);
    fails(message(id, 0));
  }
  expect(evidence.blocked(message('d', 0))).toBe(true);
  expect(evidence.blocked(message('d', 1))).toBe(false);
  expect(pauses.reason()).toContain('sick');
  expect(pauses.holdsBack()).toBe(false);

  const turn = evidence.turn();
  expect(turn?.max).toBe(500);
  expect(evidence.turn()).toBeUndefined();
  evidence.givenBack([message('d', 0)]);
  turn?.end();
  expect(evidence.turn()).toBeUndefined();
  pass(5_000);
  evidence.turn()?.end();

  evidence.committed([message('d', 0)]);
  expect(evidence.blocked(message('e', 0))).toBe(false);
  expect(pauses.reason()).toBeUndefined();
  for (const id of ['x', 'y', 'z']) fails(message(id, 0));
  pass(11_000);
  expect(evidence.turn()?.max).toBe(Infinity);
  expect(pauses.reason()).toBeUndefined();
  expect(log.lines.map(({ message: text }) => text.split(':')[0])).toEqual([
    'paused',
    'resumed',
    'paused',
    'resumed',
  ]);
});
