/** Spans of requests, as W3C Trace Context and OpenTelemetry know them. What happens to messages later is told by events. */
export interface Tracing {
  /** Begins the span of a request; `parent` is its header `traceparent`, whatever the sender wrote there. */
  accept(entity: string, parent: HeaderValue): RequestSpan;
}

export interface RequestSpan {
  /** Travels with each message of the request. */
  readonly traceparent: string | undefined;
  /** The request is answered. `code` says why it was refused; undefined where it was not. */
  end(status: number, code?: string): void;
}

type HeaderValue = string | readonly string[] | undefined;

/** Makes no spans: a trace that the sender began goes on with the message. */
export const passOnTraces: Tracing = {
  accept: (_entity, parent) =>
    parent === undefined ? UNTRACED : { traceparent: traceparentOf(parent), end: ignore },
};

const ignore = (): void => {};
const UNTRACED: RequestSpan = { traceparent: undefined, end: ignore };

const LENGTH = 55;
/** Version, trace, span, flags. The version `ff` and ids of zeros are forbidden. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A valid `traceparent`; anything else that a stranger may have written is none. */
export function traceparentOf(value: HeaderValue): string | undefined {
  return typeof value === 'string' && value.length === LENGTH && TRACEPARENT.test(value) ? value : undefined;
}
