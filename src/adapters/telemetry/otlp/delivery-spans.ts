import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { MessageRef, Telemetry, TelemetryEvent } from '../../../ports/telemetry.ts';
import { contextOf, isSampled, spanContextOf } from './span-context.ts';

/** Links of one span: OpenTelemetry drops what is beyond. */
const LINKS = 128;

/**
 * Makes spans of what happens to messages whose trace is recorded. In the trace of a request, one span tells what became of
 * its messages: of those that a worker settles together, one span for all. A batch is a trace of its own, linked to the
 * requests of its messages; a large one has several spans, each with as many links as a span may have.
 */
export function deliverySpans(tracer: Tracer, own: Readonly<Record<string, string>>): Telemetry {
  const deliveredAt = new WeakMap<MessageRef, number>();

  const settled = (messages: readonly MessageRef[], outcome: string, code?: string): void => {
    const sampled = messages.filter(({ trace }) => isSampled(trace));
    if (sampled.length === 0) return;
    const now = Date.now();
    for (const group of Map.groupBy(sampled, ({ trace, entity }) => `${trace?.parent} ${entity}`).values()) {
      const [first] = group;
      if (first === undefined) continue;
      const span = tracer.startSpan(
        `process ${first.entity}`,
        {
          kind: SpanKind.CONSUMER,
          startTime: deliveredAt.get(first) ?? now,
          attributes: {
            ...own,
            'messaging.system': 'nomnom',
            'messaging.operation.type': 'process',
            'nomnom.entity': first.entity,
            'nomnom.outcome': outcome,
            ...(group.length === 1
              ? { 'messaging.message.id': first.messageId }
              : { 'messaging.batch.message_count': group.length }),
            ...(code === undefined ? {} : { 'error.type': code }),
          },
        },
        contextOf(first.trace),
      );
      if (code !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(now);
    }
  };

  const worked = (messages: readonly MessageRef[], startedAt: number, ms: number): void => {
    const sampled = messages.map(({ trace }) => trace).filter(isSampled);
    const traces = [...new Map(sampled.map((trace) => [trace.parent, trace])).values()];
    for (let at = 0; at < traces.length; at += LINKS) {
      const links = traces.slice(at, at + LINKS).map((trace) => ({ context: spanContextOf(trace) }));
      const attributes = { ...own, 'messaging.batch.message_count': messages.length };
      tracer
        .startSpan('work batch', { startTime: startedAt, attributes, links }, contextOf(undefined))
        .end(startedAt + ms);
    }
  };

  const record = (event: TelemetryEvent): void => {
    switch (event.kind) {
      case 'delivered': {
        const now = Date.now();
        for (const message of event.messages) if (isSampled(message.trace)) deliveredAt.set(message, now);
        return;
      }
      case 'committed':
        return settled(event.messages, 'completed');
      case 'superseded':
        return settled(event.messages, 'superseded');
      case 'settled-before':
        return settled(event.messages, 'settled_before');
      case 'retried':
        return settled([event.message], 'retried', event.error.code);
      case 'dead-lettered':
        return settled([event.message], 'dead_lettered', event.error.code);
      case 'worked':
        return worked(event.messages, event.startedAt, event.ms);
      case 'accepted':
      case 'batch-accepted':
      case 'refused':
      case 'turned-away':
      case 'halted':
      case 'unpublished':
      case 'paused':
      case 'resumed':
      case 'not-ready':
      case 'ready-again':
      case 'worker-started':
      case 'worker-stopped':
        return;
    }
  };
  return { record };
}
