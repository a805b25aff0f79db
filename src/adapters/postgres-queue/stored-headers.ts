import type { Delivery, Outgoing } from '../../ports/queue.ts';
import { traceparentOf } from '../../ports/tracing.ts';

/** Among the headers of a message, under a name that no header can have. */
const TRACEPARENT = ':traceparent';

/** The headers of a message and the span that brought it, as one JSON object. */
export function storedHeaders({ headers, traceparent }: Outgoing): string {
  return JSON.stringify(traceparent === undefined ? headers : { ...headers, [TRACEPARENT]: traceparent });
}

export function readHeaders(text: string): Pick<Delivery, 'headers' | 'traceparent'> {
  if (text === NO_HEADERS) return { headers: {} };
  const { [TRACEPARENT]: traceparent, ...headers } = JSON.parse(text) as Record<string, string>;
  return { headers, traceparent: traceparentOf(traceparent) };
}

const NO_HEADERS = '{}';
