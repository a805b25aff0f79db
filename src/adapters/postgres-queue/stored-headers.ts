import type { Delivery, Outgoing } from '../../ports/queue.ts';
import { traceContextOf } from '../../ports/trace-context.ts';

/** Among the headers of a message, under names that no header can have. */
const TRACEPARENT = ':traceparent';
const TRACESTATE = ':tracestate';

/** The headers of a message and the span that brought it, as one JSON object. */
export function storedHeaders({ headers, trace }: Outgoing): string {
  if (trace === undefined) return JSON.stringify(headers);
  // What is undefined is left out.
  return JSON.stringify({ ...headers, [TRACEPARENT]: trace.parent, [TRACESTATE]: trace.state });
}

export function readHeaders(text: string): Pick<Delivery, 'headers' | 'trace'> {
  if (text === NO_HEADERS) return { headers: {} };
  const {
    [TRACEPARENT]: parent,
    [TRACESTATE]: state,
    ...headers
  } = JSON.parse(text) as Record<string, string>;
  return { headers, trace: traceContextOf(parent, state) };
}

const NO_HEADERS = '{}';
