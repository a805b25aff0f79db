import { Failure } from '../../ports/failure.ts';

/** `disk_full`. */
export const DISK_FULL = '53100';

/** A failure of the store as one of the queue that lies in it. */
export function queueFailure(error: unknown): unknown {
  if (!(error instanceof Failure) || error.code.startsWith('QUEUE_')) return error;
  const code = isMisconfigured(error)
    ? 'QUEUE_MISCONFIGURED'
    : error.sql?.sqlstate === DISK_FULL
      ? 'QUEUE_FULL'
      : 'QUEUE_UNAVAILABLE';
  return new Failure(code, error.message, {
    cause: error,
    forbidden: error.forbidden,
    ...(error.sql === undefined ? {} : { sql: error.sql }),
  });
}

/** Whether somebody has to change something. What a table of the queue refuses otherwise, it may take later. */
export function isMisconfigured({ code, sql }: Failure): boolean {
  return code === 'STORE_MISCONFIGURED' && sql?.sqlstate !== '55000';
}
