import { errors, parseOptions, ProtocolHandler, type ConnectionOptions } from '@nats-io/transport-node';
import { type Greeting, greetingOf } from './greeting.ts';
import { refusalIn } from './refusal-words.ts';

/** Milliseconds for the second attempt: a refusal comes at once. */
const REFUSES_WITHIN = 2_000;

/** No server finished a connection in time. `silent`: one took it, and said nothing. */
export class Unfinished extends Error {
  readonly silent: boolean;

  constructor(silent: boolean, cause: unknown) {
    super(silent ? 'it takes the connection and says nothing' : 'it does not answer as NATS does', { cause });
    this.name = 'Unfinished';
    this.silent = silent;
  }
}

/**
 * The driver waits for its time where a server refuses a connection for another reason than its credentials, and then says nothing but
 * that. So what the server says is looked for: in its greeting, and in an attempt that ends with the first refusal. Any other
 * error stays as it is. `servers`: addresses without credentials.
 */
export async function whyTimedOut(
  thrown: unknown,
  servers: readonly string[],
  options: ConnectionOptions,
): Promise<unknown> {
  if (!isUnclear(thrown)) return thrown;
  const greetings = await Promise.all(servers.map((server) => greetingOf(server)));
  const refused = refusedBy(greetings);
  if (refused !== undefined) return new Error(refused, { cause: thrown });
  // One that greets may refuse what the driver says then.
  const spoke = greetings.some(({ kind }) => kind === 'spoke') || options.tls?.handshakeFirst === true;
  const later = spoke ? await refusedLater(options) : undefined;
  if (later !== undefined) return later;
  if (!(thrown instanceof errors.TimeoutError)) return thrown;
  const isSilent = greetings.some(({ kind }) => kind === 'silent');
  return new Unfinished(isSilent, thrown);
}

/**
 * The driver also meets the end of a connection that the server has refused before it reads why, and takes the words of a refusal for TLS
 * that is broken.
 */
function isUnclear(error: unknown): boolean {
  if (error instanceof errors.TimeoutError) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === 'EPIPE' || code === 'ECONNRESET' || code.startsWith('ERR_SSL_');
}

function refusedBy(greetings: readonly Greeting[]): string | undefined {
  return greetings
    .map((greeting) => (greeting.kind === 'spoke' ? greeting.refused : undefined))
    .find((words) => words !== undefined && refusalIn(words) !== undefined);
}

/**
 * The error of `connect` is often that of the socket, which ends as the server refuses. What the server said last is known only to
 * the part of the driver that reads it.
 */
async function refusedLater(options: ConnectionOptions): Promise<Error | undefined> {
  const attempt = parseOptions({ ...options, reconnect: false, timeout: REFUSES_WITHIN });
  const handler = new ProtocolHandler(attempt, { publish() {} });
  try {
    await handler.dialLoop();
  } catch {
    // What it was is looked at below.
  }
  const { lastError } = handler;
  await handler.close();
  return lastError !== undefined && refusalIn(lastError.message) !== undefined ? lastError : undefined;
}
