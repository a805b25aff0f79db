import { Buffer } from 'node:buffer';
import type { Msg } from '@nats-io/transport-node';

/** The first line of all headers that carry no status. */
export const START = 'NATS/1.0\r\n';
const END = '\r\n\r\n';

/**
 * Calls `take` with the name and the value of each header of a message, in their order.
 *
 * The client's own reading costs a sixth of a worker's garbage: it spells each name anew and makes a list for each
 * value. A message's headers stand right before its body, so they are read there; where that is not so, as the client
 * reads them.
 */
export function eachHeader(message: Msg, take: (name: string, value: string) => void): void {
  const text = headerText(message);
  if (text === undefined) {
    for (const [name, values] of message.headers ?? []) for (const value of values) take(name, value);
    return;
  }
  for (let from = START.length; from < text.length - 2;) {
    const end = text.indexOf('\r\n', from);
    const colon = text.indexOf(':', from);
    if (colon !== -1 && colon < end) take(text.slice(from, colon), text.slice(colon + 1, end).trim());
    from = end + 2;
  }
}

/** What the client's messages have beside what their type says: the bytes of subject, reply subject, headers and body. */
type Sized = Msg & { readonly size?: () => number };

/** Undefined where the bytes before the body are not exactly a block of headers. */
function headerText(message: Sized): string | undefined {
  const { data, subject, reply = '' } = message;
  const length = (message.size?.() ?? 0) - subject.length - reply.length - data.length;
  const start = data.byteOffset - length;
  if (length < START.length + 2 || start < 0) return undefined;
  const text = Buffer.from(data.buffer, start, length).toString();
  return text.startsWith(START) && text.endsWith(END) ? text : undefined;
}
