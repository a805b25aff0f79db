import { expect, test } from 'vitest';
import { contradictions, type Surroundings } from '../../../src/roles/setup/contradictions.ts';
import { planOf } from '../../support/plan.ts';

const quiet: Surroundings = { maxBody: undefined, connections: 8, maxConnections: 97 };

function found(settings: { ingest?: string }, around = quiet): readonly string[] {
  const plan = planOf(`
entity Ping { id: uuid  store pings { key (id)  upsert on (id) keep } }
stream S { subject ingest = "s.{entity}" }
role ingest { publish S.ingest  ${settings.ingest ?? ''} }
role worker { consume S.ingest }
`);
  return plan.roles
    .flatMap((role) => contradictions(role, around))
    .map(({ severity, message }) => `${severity}: ${message}`);
}

test('the defaults contradict nothing', () => {
  expect(found({})).toEqual([]);
});

test('a body that the queue does not take is told', () => {
  const all = found({ ingest: 'body_limit: 2MB' }, { ...quiet, maxBody: 1_000_000 });
  expect(all).toHaveLength(1);
  expect(all[0]).toMatch(/^warning: body_limit is 2097152 bytes, but the queue takes at most 1000000/);
});

test('connections that Postgres does not have are refused, and those that leave no room are told', () => {
  const of = (connections: number) => found({}, { ...quiet, connections, maxConnections: 20 });
  expect(of(10)).toEqual([]);
  expect(of(11)[0]).toMatch(/^warning: .*up to 11 of the 20/);
  expect(of(21)[0]).toMatch(/^refusal: .*up to 21 connections, and Postgres has 20/);
});
