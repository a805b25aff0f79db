import { describe, expect, test } from 'vitest';
import { exposition } from '../../../src/adapters/telemetry/metrics/exposition.ts';
import { metricSet } from '../../../src/adapters/telemetry/metrics/metric-set.ts';
import { metricsTelemetry } from '../../../src/adapters/telemetry/metrics/metrics-telemetry.ts';
import { metricsRoute } from '../../../src/http/metrics-route.ts';
import type { TelemetryEvent } from '../../../src/ports/telemetry.ts';

const clock = { now: () => 10_000, sleep: () => Promise.resolve() };
const message = { messageId: '0190b7a2-0000-7000-8000-000000000001', entity: 'Order', receivedAt: 7_500 };
const error = { code: 'too_long', field: 'Order.note' };

function record(events: readonly TelemetryEvent[], accepts = true, works = true) {
  const metrics = metricSet();
  const telemetry = metricsTelemetry({ metrics, clock, entities: ['Order', 'Line'], accepts, works });
  for (const event of events) telemetry.record(event);
  return metrics;
}

/** The samples that are not 0, without the buckets of histograms. */
function samples(metrics: ReturnType<typeof metricSet>): readonly string[] {
  return exposition(metrics.families(), {}, 'prometheus')
    .split('\n')
    .filter((line) => line !== '' && !/^#|_bucket| 0$/.test(line));
}

test('each event counts once, under the names that operators search for', () => {
  const foreign = { ...message, entity: 'Whatever a foreign publisher wrote' };
  const metrics = record([
    { kind: 'accepted', entity: 'Order', messageId: message.messageId, ms: 4 },
    { kind: 'batch-accepted', entity: 'Order', accepted: 9, refusals: new Map([['missing', 2]]), ms: 120 },
    { kind: 'refused', entity: 'Order', status: 422, code: 'too_long', field: 'Order.note' },
    { kind: 'turned-away', entity: '', status: 404, code: 'unknown_entity' },
    { kind: 'delivered', messages: [message, message], redelivered: 1 },
    {
      kind: 'committed',
      messages: [message, { ...message, entity: 'Line' }],
      unknownKeys: new Map([['Order', 2]]),
    },
    { kind: 'superseded', messages: [message] },
    { kind: 'settled-before', messages: [message] },
    { kind: 'retried', message, error, attempts: 2, delay: 40 },
    { kind: 'dead-lettered', message: foreign, error },
    { kind: 'worked', messages: [message, message], startedAt: 5, ms: 20 },
    { kind: 'unpublished', waiting: 3 },
    { kind: 'paused', code: 'STORE_UNAVAILABLE', reason: 'away', needsChange: false },
  ]);
  expect(samples(metrics)).toMatchInlineSnapshot(`
    [
      "nomnom_messages_total{entity="Order",outcome="accepted"} 10",
      "nomnom_messages_total{entity="Order",outcome="refused"} 3",
      "nomnom_messages_total{entity="Order",outcome="completed"} 1",
      "nomnom_messages_total{entity="Order",outcome="superseded"} 1",
      "nomnom_messages_total{entity="Order",outcome="retried"} 1",
      "nomnom_messages_total{entity="Order",outcome="settled_before"} 1",
      "nomnom_messages_total{entity="Line",outcome="completed"} 1",
      "nomnom_messages_total{entity="",outcome="refused"} 1",
      "nomnom_messages_total{entity="",outcome="dead_lettered"} 1",
      "nomnom_refused_total{entity="Order",code="missing"} 2",
      "nomnom_refused_total{entity="Order",code="too_long"} 1",
      "nomnom_refused_total{entity="",code="unknown_entity"} 1",
      "nomnom_accept_duration_seconds_sum{} 0.124",
      "nomnom_accept_duration_seconds_count{} 2",
      "nomnom_delivered_total{} 2",
      "nomnom_redelivered_total{} 1",
      "nomnom_batch_messages_sum{} 2",
      "nomnom_batch_messages_count{} 1",
      "nomnom_batch_duration_seconds_sum{} 0.02",
      "nomnom_batch_duration_seconds_count{} 1",
      "nomnom_commit_delay_seconds_sum{entity="Order"} 2.5",
      "nomnom_commit_delay_seconds_count{entity="Order"} 1",
      "nomnom_commit_delay_seconds_sum{entity="Line"} 2.5",
      "nomnom_commit_delay_seconds_count{entity="Line"} 1",
      "nomnom_dead_letters_total{entity="",code="too_long"} 1",
      "nomnom_retries_total{entity="Order",code="too_long"} 1",
      "nomnom_unknown_keys_total{entity="Order"} 2",
      "nomnom_dead_letters_unpublished{} 3",
      "nomnom_pauses_total{code="STORE_UNAVAILABLE"} 1",
      "nomnom_paused{code="STORE_UNAVAILABLE"} 1",
    ]
  `);
  expect(exposition(metrics.families(), {}, 'prometheus')).not.toContain('foreign');
});

test('what waits for a server is 1 while it waits, and the time counts when it resumes', () => {
  const metrics = record([
    { kind: 'paused', code: 'STORE_UNAVAILABLE', reason: 'away', needsChange: false },
    { kind: 'resumed', pausedMs: 1_500 },
  ]);
  expect(samples(metrics)).toEqual([
    'nomnom_pauses_total{code="STORE_UNAVAILABLE"} 1',
    'nomnom_paused_seconds_total{} 1.5',
  ]);
});

test('a role shows at 0 what it may count, so that the first one is an increase, and nothing else', () => {
  const outcomes = (accepts: boolean, works: boolean) =>
    [
      ...exposition(record([], accepts, works).families(), {}, 'prometheus').matchAll(
        /"Order",outcome="(\w+)"/g,
      ),
    ].map(([, outcome]) => outcome);
  expect(outcomes(true, false)).toEqual(['accepted', 'refused']);
  expect(outcomes(false, true)).toEqual([
    'completed',
    'superseded',
    'dead_lettered',
    'retried',
    'settled_before',
  ]);
});

test('the samples of a metric stay bounded, should a label be open by mistake', () => {
  const metrics = metricSet();
  for (let n = 0; n < 10_000; n += 1) metrics.number('nomnom_refused_total', '', `code ${n}`).value += 1;
  const [family] = metrics.families();
  expect(family?.numbers.length).toBeLessThanOrEqual(2_001);
  expect(family?.numbers.reduce((sum, { value }) => sum + value, 0)).toBe(10_000);
});

describe('the text', () => {
  const metrics = metricSet();
  metrics.number('nomnom_retries_total', 'Or"der\\', 'a\nb').value = 2;
  const batch = metrics.histogram('nomnom_batch_duration_seconds');
  for (const value of [0.001, 0.3, 90]) batch.observe(value);
  const own = { pipeline: 'shop', role: 'worker' };

  test('is that of Prometheus: buckets add up, and label values are escaped', () => {
    expect(exposition(metrics.families(), own, 'prometheus')).toMatchInlineSnapshot(`
      "# HELP nomnom_batch_duration_seconds From the delivery of a batch until each of its messages is settled or given back.
      # TYPE nomnom_batch_duration_seconds histogram
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="0.001"} 1
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="0.0025"} 1
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="0.005"} 1
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="0.01"} 1
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="0.025"} 1
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="0.05"} 1
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="0.1"} 1
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="0.25"} 1
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="0.5"} 2
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="1.0"} 2
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="2.5"} 2
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="5.0"} 2
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="10.0"} 2
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="30.0"} 2
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="60.0"} 2
      nomnom_batch_duration_seconds_bucket{pipeline="shop",role="worker",le="+Inf"} 3
      nomnom_batch_duration_seconds_sum{pipeline="shop",role="worker"} 90.301
      nomnom_batch_duration_seconds_count{pipeline="shop",role="worker"} 3
      # HELP nomnom_retries_total Attempts that failed by the fault of the message, which comes again; by the code of the error.
      # TYPE nomnom_retries_total counter
      nomnom_retries_total{pipeline="shop",role="worker",entity="Or\\"der\\\\",code="a\\nb"} 2
      "
    `);
  });

  test('is that of OpenMetrics: counters lose their ending in the head, units are named, and it ends', () => {
    const lines = exposition(metrics.families(), own, 'openmetrics').split('\n');
    expect(lines.filter((line) => line.startsWith('# TYPE') || line.startsWith('# UNIT'))).toEqual([
      '# TYPE nomnom_batch_duration_seconds histogram',
      '# UNIT nomnom_batch_duration_seconds seconds',
      '# TYPE nomnom_retries counter',
    ]);
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
  });

  test.each([
    [undefined, 'text/plain'],
    ['*/*', 'text/plain'],
    ['application/openmetrics-text', 'application/openmetrics-text'],
    ['text/plain;q=0.9,application/openmetrics-text;version=1.0.0;q=0.5', 'text/plain'],
    // As Prometheus asks.
    [
      'application/openmetrics-text;version=1.0.0;q=0.75,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.25,*/*;q=0.1',
      'application/openmetrics-text',
    ],
    ['application/openmetrics-text;q=nonsense', 'text/plain'],
  ])('for Accept %s is %s', async (accept, type) => {
    const route = metricsRoute((format) => Promise.resolve(format));
    const headers = accept === undefined ? {} : { accept };
    const answer = await route.handle({
      params: {},
      url: '/metrics',
      headers,
      sender: undefined,
      owe: () => {},
    });
    expect(answer.type.split(';')[0]).toBe(type);
    expect(answer.text).toBe(type === 'text/plain' ? 'prometheus' : 'openmetrics');
  });
});
