import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
} from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import type { Headers } from './headers.ts';

export interface RoleRequest {
  /** `http:` or `https:`, any port. */
  readonly url: string;
  readonly headers: Headers;
  /** Sent with POST; without it the request is a GET. */
  readonly body?: Uint8Array;
  /** Milliseconds: for the connection, then for each part of the body that goes out, then for the whole answer. */
  readonly limit: number;
}

export interface RoleAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** No answer came in time; the message says how far it got. */
export class LateAnswer extends Error {
  override readonly name = 'LateAnswer';
}

/** What answers cannot be a role: it does not speak HTTP, or does not come to an end. */
export class ForeignTalk extends Error {
  override readonly name = 'ForeignTalk';
}

/** Bytes of an answer that are read: that of a role lists a thousand refused lines at most. */
const LARGEST_ANSWER = 64 * 1024 * 1024;
/** Over TLS: a server that speaks only another protocol refuses this one in words. Plain HTTP passes it over. */
const PROTOCOL: ConnectionOptions = { ALPNProtocols: ['http/1.1'] };

/** Bytes of a body that go out before the time begins anew. */
const PIECE = 256 * 1024;

/**
 * Asks a role once. No redirect is followed: a key and messages go where the user says. `fetch` is not used, since it refuses some
 * ports, hides why TLS fails, and does not tell a slow connection from a server that is silent. Rejects with the error of the
 * connection, a `LateAnswer` or a `ForeignTalk`.
 */
export async function askRole(asked: RoleRequest): Promise<RoleAnswer> {
  const first = await tryOnce(asked);
  // The server closed a kept connection just when it was used again: it has not seen the request.
  return first === 'stale' ? answered(await tryOnce(asked)) : first;
}

function answered(answer: RoleAnswer | 'stale'): RoleAnswer {
  if (answer === 'stale') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  return answer;
}

function tryOnce({ url, headers, body, limit }: RoleRequest): Promise<RoleAnswer | 'stale'> {
  const { promise, resolve, reject } = Promise.withResolvers<RoleAnswer | 'stale'>();
  const open = url.startsWith('https:') ? tlsRequest : plainRequest;
  const sending = open(url, {
    ...PROTOCOL,
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? headers : { ...headers, 'content-length': body.length },
  });
  let began = false;
  let late = 'no connection with it came about';
  const end = (error: Error): void => {
    reject(error);
    sending.destroy();
  };
  const over = (): void => end(new LateAnswer(`${late} within ${Math.round(limit / 100) / 10} s`));
  let timer = setTimeout(over, limit);
  const progress = (next: string): void => {
    if (began) return;
    late = next;
    clearTimeout(timer);
    timer = setTimeout(over, limit);
  };
  const waiting = 'it took the connection, and no answer came';
  sending.on('socket', (socket) => {
    const ready = url.startsWith('https:') ? 'secureConnect' : 'connect';
    if (sending.reusedSocket) progress(waiting);
    else socket.once(ready, () => progress(waiting));
  });
  sending.on('response', (response) => {
    began = true;
    late = 'its answer began, and did not come to its end';
    textOf(response).then(
      (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      end,
    );
  });
  sending.on('error', (error: NodeJS.ErrnoException) => {
    if (sending.reusedSocket && error.code === 'ECONNRESET' && !began) resolve('stale');
    else reject(error);
  });
  void sendBody(sending, body, () => progress(waiting));
  return promise.finally(() => {
    clearTimeout(timer);
    // Whoever has answered before the whole body came wants no more of it.
    if (!sending.writableFinished) sending.destroy();
  });
}

/** Ends where the request does. */
async function sendBody(
  sending: ClientRequest,
  body: Uint8Array | undefined,
  onPart: () => void,
): Promise<void> {
  for (let at = 0; at < (body?.length ?? 0); at += PIECE) {
    const refused = await new Promise<Error | null | undefined>((resolve) => {
      sending.write(body?.subarray(at, at + PIECE), resolve);
    });
    // The request itself tells what is wrong.
    if (refused !== undefined && refused !== null) return;
    onPart();
  }
  sending.end();
}

async function textOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > LARGEST_ANSWER) throw new ForeignTalk('it answers without an end');
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof ForeignTalk) throw error;
    throw Object.assign(new Error('its answer broke off midway', { cause: error }), { code: 'ECONNRESET' });
  }
  return Buffer.concat(pieces).toString('utf8');
}
