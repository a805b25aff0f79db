import { type HeaderValue, type TraceContext, traceContextOf } from './trace-context.ts';

/** Spans of requests, as W3C Trace Context and OpenTelemetry know them. What happens to messages later is told by events. */
export interface Tracing {
  /** Begins the span of a request; the headers are what the sender wrote. */
  accept(entity: string, headers: RequestHeaders): RequestSpan;
}

type RequestHeaders = Readonly<Record<string, HeaderValue>>;

export interface RequestSpan {
  /** Travels with each message of the request. */
  readonly trace: TraceContext | undefined;
  /** The request is answered. `code` says why it was refused; undefined where it was not. */
  end(status: number, code?: string): void;
}

/** Makes no spans: a trace that the sender began goes on with the message. */
export const passOnTraces: Tracing = {
  accept: (_entity, headers) =>
    headers['traceparent'] === undefined ? UNTRACED : { trace: traceOfRequest(headers), end: ignore },
};

const ignore = (): void => {};
const UNTRACED: RequestSpan = { trace: undefined, end: ignore };

/** The trace that a request belongs to, if its sender says so. */
export function traceOfRequest(headers: RequestHeaders): TraceContext | undefined {
  return traceContextOf(headers['traceparent'], headers['tracestate']);
}
