import { type Context, createTraceState, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';
import type { TraceContext } from '../../../ports/trace-context.ts';

/** A context whose spans belong to the trace; without one they begin a trace. */
export function contextOf(from: TraceContext | undefined): Context {
  return from === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContextOf(from));
}

/** The span that is the place in the trace. */
export function spanContextOf({ parent, state }: TraceContext): SpanContext {
  const [, traceId = '', spanId = '', flags = ''] = parent.split('-');
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return state === undefined ? context : { ...context, traceState: createTraceState(state) };
}

export function traceContextFor({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext {
  const parent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  const state = traceState?.serialize() ?? '';
  return { parent, state: state === '' ? undefined : state };
}

/** Whether whoever began the trace wants it to be recorded: the last bit of the flags. */
export function isSampled(from: TraceContext | undefined): from is TraceContext {
  return from !== undefined && (Number.parseInt(from.parent.slice(-1), 16) & 1) === 1;
}
