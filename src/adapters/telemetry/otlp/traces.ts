import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Telemetry } from '../../../ports/telemetry.ts';
import { traceOfRequest, type Tracing } from '../../../ports/tracing.ts';
import type { AgentFactory } from './bounded-agent.ts';
import { deliverySpans } from './delivery-spans.ts';
import { contextOf, traceContextFor } from './span-context.ts';

/** Spans of requests, and of what becomes of their messages. */
export interface Traces {
  of(role: string): { readonly tracing: Tracing; readonly telemetry: Telemetry };
  stop(): Promise<void>;
}

/** The exporter keeps a bounded number of spans and drops what is beyond; `OTEL_TRACES_SAMPLER` says which are made. */
export function startTraces(resource: Resource, pipeline: string, httpAgentOptions: AgentFactory): Traces {
  const provider = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ httpAgentOptions }))],
  });
  const tracer = provider.getTracer('nomnom');
  return {
    of: (role) => {
      const own = { 'nomnom.pipeline': pipeline, 'nomnom.role': role };
      return { tracing: requestSpans(tracer, own), telemetry: deliverySpans(tracer, own) };
    },
    stop: () => provider.shutdown(),
  };
}

function requestSpans(tracer: Tracer, own: Readonly<Record<string, string>>): Tracing {
  return {
    accept(entity, headers) {
      const attributes = { ...own, 'nomnom.entity': entity, 'http.request.method': 'POST' };
      const from = contextOf(traceOfRequest(headers));
      const span = tracer.startSpan(`POST /ingest/${entity}`, { kind: SpanKind.SERVER, attributes }, from);
      return {
        trace: traceContextFor(span.spanContext()),
        end(status, code) {
          span.setAttribute('http.response.status_code', status);
          if (code !== undefined) span.setAttribute('error.type', code);
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
  };
}
