import { Failure } from '../../ports/failure.ts';

/** A failure of the store as one of the queue that lies in it. */
export function queueFailure(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code.startsWith('QUEUE_')) return error;
  const code = error.code === 'STORE_MISCONFIGURED' ? 'QUEUE_MISCONFIGURED' : 'QUEUE_UNAVAILABLE';
  return new Failure(code, error.message, {
    cause: error,
    ...(error.sql === undefined ? {} : { sql: error.sql }),
  });
}
