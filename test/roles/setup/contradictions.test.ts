import { expect, test } from 'vitest';
import { contradictions, type Surroundings } from '../../../src/roles/setup/contradictions.ts';
import { planOf } from '../../support/plan.ts';

const quiet: Surroundings = { maxBody: undefined, connections: 8, maxConnections: 97 };

function found(
  settings: { stream?: string; ingest?: string; worker?: string },
  around = quiet,
): readonly string[] {
  const plan = planOf(`
entity Ping { id: uuid  store pings { key (id)  upsert on (id) keep } }
stream S { subject ingest = "s.{entity}"  ${settings.stream ?? ''} }
role ingest { publish S.ingest  ${settings.ingest ?? ''} }
role worker { consume S.ingest  ${settings.worker ?? ''} }
`);
  return plan.roles
    .flatMap((role) => contradictions(plan, role, around))
    .map(({ severity, message }) => `${severity}: ${message}`);
}

test('the defaults contradict nothing', () => {
  expect(found({})).toEqual([]);
});

test.each([
  [
    'warning',
    'body_limit is 2097152 bytes, but the queue takes at most 1000000',
    { ingest: 'body_limit: 2MB' },
    { ...quiet, maxBody: 1_000_000 },
  ],
  [
    'warning',
    'the largest message does not fit into a batch',
    { ingest: 'body_limit: 2MB  batch_limit: 1MB' },
    quiet,
  ],
  ['warning', 'the largest messages never find room', { stream: 'max_bytes: 256KB' }, quiet],
  ['refusal', 'delivered again before its batch is full', { worker: 'linger: 20s' }, quiet],
  ['warning', 'more than a third of ack_wait (15000 ms)', { worker: 'linger: 6s' }, quiet],
  [
    'warning',
    'a batch of 10000 may take longer to evaluate',
    { worker: 'batch: 10000  ack_wait: 2s' },
    quiet,
  ],
  ['refusal', 'would be applied twice', { worker: 'keep_statuses: 1m  ack_wait: 2m' }, quiet],
  ['refusal', 'would be lost; raise max_age', { stream: 'max_age: 10s' }, quiet],
  [
    'warning',
    'before 100 attempts with this backoff are spent',
    { stream: 'max_age: 1h', worker: 'attempts: 100' },
    quiet,
  ],
  ['warning', 'would be applied again; raise keep_statuses', { stream: 'max_age: 40d' }, quiet],
] as const)('%s: … %s', (severity, message, settings, around) => {
  const all = found(settings, around);
  expect(all).toHaveLength(1);
  expect(all[0]).toMatch(new RegExp(`^${severity}: `));
  expect(all[0]).toContain(message);
});

test('connections that Postgres does not have are refused, and those that leave no room are told', () => {
  const of = (connections: number) => found({}, { ...quiet, connections, maxConnections: 20 });
  expect(of(10)).toEqual([]);
  expect(of(11)[0]).toMatch(/^warning: .*up to 11 of the 20/);
  expect(of(21)[0]).toMatch(/^refusal: .*up to 21 connections, and Postgres has 20/);
});
