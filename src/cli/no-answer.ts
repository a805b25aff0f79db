/** Why a request got no answer, and whether the same request may get one later. */
export interface NoAnswer {
  readonly reason: string;
  /** The server or the way to it failed. Without it the request itself cannot be sent. */
  readonly passing: boolean;
}

/** What `fetch` threw: it hides the cause in the error, and of several addresses that refuse, in a list without words. */
export function noAnswer(error: unknown): NoAnswer {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const first: unknown = cause instanceof AggregateError && cause.message === '' ? cause.errors[0] : cause;
  if (!(first instanceof Error)) return { reason: String(first), passing: false };
  const ofSystem = 'code' in first && typeof first.code === 'string';
  return {
    reason: first.message === '' ? first.name : first.message,
    passing: ofSystem || first.name === 'TimeoutError',
  };
}
