import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { Failure } from '../../ports/failure.ts';
import { forbiddenBy, forbiddenFailure } from './forbidden.ts';

/** Codes of the JetStream API; the server's list is `server/errors.json`. */
export const API = {
  consumerNotFound: 10014,
  consumerNotUnique: 10100,
  streamNotFound: 10059,
  streamNotMatch: 10060,
  subjectOverlap: 10065,
  jetStreamNotEnabled: 10076,
  jetStreamNotEnabledForAccount: 10039,
  storeFailed: 10077,
  messageTooLarge: 10054,
} as const;

/** The account or the server has no room: known from `server/errors.json`. */
export const NO_ROOM: ReadonlySet<number> = new Set([10002, 10023, 10028, 10047, API.storeFailed]);

/** An error of a request to the JetStream API as a `Failure`; `what` names the request. */
export function apiFailure(error: unknown, what: string): Failure {
  if (error instanceof Failure) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const told = `${what}: ${reason}`;
  if (error instanceof JetStreamApiError) {
    if (NO_ROOM.has(error.code)) return new Failure('QUEUE_FULL', told, { cause: error });
    const misconfigured = error.status < 500 || error.code === API.jetStreamNotEnabledForAccount;
    // Most refusals of a configuration come as 500 with the reason as text; being unavailable is 503.
    return new Failure(
      misconfigured || error.status === 500 ? 'QUEUE_MISCONFIGURED' : 'QUEUE_UNAVAILABLE',
      told,
      {
        cause: error,
      },
    );
  }
  const forbidden = forbiddenBy(error);
  if (forbidden !== undefined) return forbiddenFailure(what, forbidden, error);
  if (isNotEnabled(error)) {
    return new Failure('QUEUE_MISCONFIGURED', `${what}: JetStream is not enabled there`, {
      cause: error,
      help: 'Turn JetStream on, for the server (`jetstream {}`) and for the account of this user (`jetstream: enabled`).',
    });
  }
  return new Failure('QUEUE_UNAVAILABLE', told, { cause: error });
}

function isNotEnabled(error: unknown): boolean {
  return (
    // The driver does not export this error of its own.
    (error instanceof Error && error.name === 'JetStreamNotEnabled') ||
    error instanceof errors.NoRespondersError ||
    (error instanceof errors.RequestError && error.isNoResponders())
  );
}

/** The answer, or undefined where the server has no such stream or consumer. */
export async function unlessMissing<T>(answer: Promise<T>, what: string): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof JetStreamApiError) {
      if (error.code === API.streamNotFound || error.code === API.consumerNotFound) return undefined;
    }
    throw apiFailure(error, what);
  }
}
