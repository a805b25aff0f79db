import { type Context, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';

/** A context whose spans belong to the trace of a valid `traceparent`; without one they begin a trace. */
export function contextOf(traceparent: string | undefined): Context {
  return traceparent === undefined
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, spanContextOf(traceparent));
}

/** The span that a valid `traceparent` names. */
export function spanContextOf(traceparent: string): SpanContext {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

export function traceparentFor({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

/** Whether whoever began the trace wants it to be recorded: the last bit of the flags. */
export function isSampled(traceparent: string | undefined): traceparent is string {
  return traceparent !== undefined && (Number.parseInt(traceparent.slice(-1), 16) & 1) === 1;
}
