import type { Clock } from '../../../ports/clock.ts';
import { FAILURES } from '../../../ports/failure.ts';
import type { MessageRef, Telemetry, TelemetryEvent } from '../../../ports/telemetry.ts';
import type { HistogramSeries, MetricSet, NumberSeries } from './metric-set.ts';

/** What messages of one entity count up, looked up once. */
interface EntitySeries {
  readonly numberOf: (outcome: Outcome) => NumberSeries;
  readonly delay: () => HistogramSeries;
}

/** What ingest makes of a message, and what a worker does. */
const INGEST = ['accepted', 'refused'] as const;
const WORKER = ['completed', 'superseded', 'dead_lettered', 'retried', 'settled_before'] as const;

/** What a worker may wait for. */
const PAUSES = Object.keys(FAILURES).filter((code) => /^(STORE|QUEUE)_/.test(code));

type Outcome = (typeof INGEST)[number] | (typeof WORKER)[number];

export interface MetricsOptions {
  readonly metrics: MetricSet;
  readonly clock: Clock;
  readonly entities: readonly string[];
  readonly accepts: boolean;
  readonly works: boolean;
}

/**
 * Counts events as metrics. A batch is one event: what it costs for each message is a comparison of its entity and, after
 * a commit, a place in a histogram. What a role may count begins at 0, so that the first one is an increase.
 */
export function metricsTelemetry(options: MetricsOptions): Telemetry {
  const { metrics, clock, entities, accepts, works } = options;
  const known: ReadonlyMap<string, EntitySeries> = new Map(
    entities.map((entity) => [entity, entitySeries(metrics, entity)]),
  );
  for (const series of known.values())
    for (const outcome of [...(accepts ? INGEST : []), ...(works ? WORKER : [])]) series.numberOf(outcome);
  if (works) {
    metrics.number('nomnom_paused_seconds_total');
    for (const code of PAUSES) {
      metrics.number('nomnom_pauses_total', code);
      metrics.number('nomnom_paused', code);
    }
  }
  // A message of a foreign publisher may name any entity.
  const unknown = entitySeries(metrics, '');
  const of = (entity: string): EntitySeries => known.get(entity) ?? unknown;
  const count = (entity: string, outcome: Outcome, by = 1): void => {
    of(entity).numberOf(outcome).value += by;
  };
  const nameOf = (entity: string): string => (known.has(entity) ? entity : '');
  const accepting = lazily(() => metrics.histogram('nomnom_accept_duration_seconds'));
  const delivered = lazily(() => metrics.number('nomnom_delivered_total'));
  const redelivered = lazily(() => metrics.number('nomnom_redelivered_total'));
  const sizes = lazily(() => metrics.histogram('nomnom_batch_messages'));
  const durations = lazily(() => metrics.histogram('nomnom_batch_duration_seconds'));
  const pausedFor = lazily(() => metrics.number('nomnom_paused_seconds_total'));
  const paused = new Map<string, NumberSeries>();

  const refused = (entity: string, code: string, by = 1): void => {
    metrics.number('nomnom_refused_total', nameOf(entity), code).value += by;
    count(entity, 'refused', by);
  };
  const committed = (messages: readonly MessageRef[]): void => {
    const now = clock.now();
    let entity: string | undefined;
    let completed: NumberSeries | undefined;
    let delay: HistogramSeries | undefined;
    for (const message of messages) {
      if (completed === undefined || delay === undefined || message.entity !== entity) {
        ({ entity } = message);
        completed = of(entity).numberOf('completed');
        delay = of(entity).delay();
      }
      completed.value += 1;
      delay.observe((now - message.receivedAt) / 1000);
    }
  };

  const record = (event: TelemetryEvent): void => {
    switch (event.kind) {
      case 'accepted':
        count(event.entity, 'accepted');
        return accepting().observe(event.ms / 1000);
      case 'batch-accepted':
        count(event.entity, 'accepted', event.accepted);
        for (const [code, by] of event.refusals) refused(event.entity, code, by);
        return accepting().observe(event.ms / 1000);
      case 'refused':
      case 'turned-away':
        return refused(event.entity, event.code);
      case 'delivered':
        delivered().value += event.messages.length;
        redelivered().value += event.redelivered;
        return;
      case 'committed':
        for (const [entity, keys] of event.unknownKeys)
          metrics.number('nomnom_unknown_keys_total', nameOf(entity)).value += keys;
        return committed(event.messages);
      case 'superseded':
        for (const { entity } of event.messages) count(entity, 'superseded');
        return;
      case 'settled-before':
        for (const { entity } of event.messages) count(entity, 'settled_before');
        return;
      case 'retried': {
        const entity = nameOf(event.message.entity);
        metrics.number('nomnom_retries_total', entity, event.error.code).value += 1;
        count(entity, 'retried');
        return;
      }
      case 'dead-lettered': {
        const entity = nameOf(event.message.entity);
        metrics.number('nomnom_dead_letters_total', entity, event.error.code).value += 1;
        count(entity, 'dead_lettered');
        return;
      }
      case 'worked':
        sizes().observe(event.messages.length);
        return durations().observe(event.ms / 1000);
      case 'unpublished':
        metrics.number('nomnom_dead_letters_unpublished').value = event.waiting;
        return;
      case 'paused': {
        metrics.number('nomnom_pauses_total', event.code).value += 1;
        const series = metrics.number('nomnom_paused', event.code);
        series.value = 1;
        paused.set(event.code, series);
        return;
      }
      case 'resumed':
        for (const series of paused.values()) series.value = 0;
        pausedFor().value += event.pausedMs / 1000;
        return;
      case 'halted':
      case 'not-ready':
      case 'ready-again':
      case 'worker-started':
      case 'worker-stopped':
        return;
    }
  };
  return { record };
}

function entitySeries(metrics: MetricSet, entity: string): EntitySeries {
  const numbers = new Map<Outcome, NumberSeries>();
  return {
    numberOf(outcome) {
      const found = numbers.get(outcome);
      if (found !== undefined) return found;
      const made = metrics.number('nomnom_messages_total', entity, outcome);
      numbers.set(outcome, made);
      return made;
    },
    delay: lazily(() => metrics.histogram('nomnom_commit_delay_seconds', entity)),
  };
}

/** Made when it is first needed: a role shows only what it does. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
