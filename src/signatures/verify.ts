import type { Claim, RequestHead, SchemeOptions, SignatureScheme } from './scheme.ts';

/** Seconds that the sender's clock and the way of a request may differ from ours, in both directions. */
const WINDOW = 5 * 60;

/**
 * What the head of a request claims, where it may still be true: undefined where there is no signature, or where it was made
 * too long ago or too far ahead. `now` is in milliseconds since the epoch.
 */
export function claimOf(
  scheme: SignatureScheme,
  options: SchemeOptions,
  head: RequestHead,
  now: number,
): Claim | undefined {
  const claim = scheme.read(head, options);
  if (claim?.signedAt === undefined) return claim;
  return Math.abs(Math.floor(now / 1000) - claim.signedAt) <= WINDOW ? claim : undefined;
}

/** Whether a claim is true of the body by one of the secrets: while one is exchanged for another both count. */
export function isSigned(claim: Claim, secrets: readonly string[], body: Uint8Array): boolean {
  return secrets.some((secret) => claim.isBy(secret, body));
}
