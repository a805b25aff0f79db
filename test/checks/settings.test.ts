import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

function found(settings: {
  stream?: string;
  ingest?: string;
  worker?: string;
  more?: string;
}): readonly string[] {
  const text = `
stream S { subject ingest = "s.{entity}"  ${settings.stream ?? ''} }
role ingest { publish S.ingest  ${settings.ingest ?? ''} }
role worker { consume S.ingest  ${settings.worker ?? ''} }
${settings.more ?? ''}
entity Ping { id: uuid  store pings { key (id)  upsert on (id) keep } }
`;
  return analyze({ name: 'settings.nom', text }).findings.map(
    ({ code, severity, message }) => `${severity} ${code}: ${message}`,
  );
}

test('the defaults go together', () => {
  expect(found({})).toEqual([]);
});

const ALWAYS_TWO =
  'derive Copy from Ping as e { id: uuid = e.id  store copies { key (id)  upsert on (id) } }';

test.each([
  [
    'rows that a condition leaves out',
    'derive Copy from Ping as e where to_text(e.id) != "x" { id: uuid = e.id  store copies { key (id)  upsert on (id) } }',
  ],
  ['a derivation without a table', 'derive Copy from Ping as e { id: uuid = e.id }'],
])('a message may make as few rows as `max_rows_per_message`: %s', (_what, more) => {
  expect(
    found({ worker: 'max_rows_per_message: 1', more }).filter((each) => each.includes('NOM510')),
  ).toEqual([]);
});

test.each([
  ['error NOM510', 'linger', { worker: 'linger: 20s' }],
  ['error NOM510', 'linger', { worker: 'linger: 1m  ack_wait: 1s' }],
  ['error NOM510', 'would be applied twice', { worker: 'keep_statuses: 1m  ack_wait: 2m' }],
  ['error NOM510', 'would be lost', { stream: 'max_age: 10s' }],
  ['error NOM510', 'would be lost', { stream: 'max_age: 10s', worker: 'ack_wait: 1m' }],
  ['error NOM510', 'makes at least 2 rows', { worker: 'max_rows_per_message: 1', more: ALWAYS_TWO }],
  ['warning NOM512', 'does not fit into a batch', { ingest: 'body_limit: 2MB  batch_limit: 1MB' }],
  ['warning NOM512', 'never find room', { stream: 'max_bytes: 256KB' }],
  ['warning NOM512', 'more than a third of `ack_wait`, 15s', { worker: 'linger: 6s' }],
  ['warning NOM512', 'may take longer to evaluate', { worker: 'batch: 10000  ack_wait: 2s' }],
  ['warning NOM512', 'before 100 attempts', { stream: 'max_age: 1h', worker: 'attempts: 100' }],
  ['warning NOM512', 'only for `max_age`, 1h', { stream: 'max_age: 1h  dedupe: 2h' }],
  ['warning NOM512', 'is applied again', { stream: 'max_age: 40d' }],
  [
    'warning NOM512',
    'the longer time counts',
    {
      worker: 'keep_dead_letters: 1d',
      more: 'role audit { consume S.ingest }',
    },
  ],
] as const)('%s: … %s', (severity, message, settings) => {
  const all = found(settings);
  expect(all).toHaveLength(1);
  expect(all[0]).toMatch(new RegExp(`^${severity}: `));
  expect(all[0]).toContain(message);
});
