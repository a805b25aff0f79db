import { signatureSchemes } from '../../src/signatures/registry.ts';
import type { SchemeOptions } from '../../src/signatures/scheme.ts';
import { claimOf, isSigned } from '../../src/signatures/verify.ts';

/** A request as a provider signs it. */
export interface Request {
  readonly scheme: string;
  readonly options?: SchemeOptions;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly url?: string;
  readonly body: string | Uint8Array;
  readonly secrets: readonly string[];
  /** Seconds since the epoch. */
  readonly now?: number;
}

/** Whether the request is taken. */
export function isVerified({ scheme, options, headers, url, body, secrets, now }: Request): boolean {
  const found = signatureSchemes.get(scheme);
  if (found === undefined) throw new Error(`there is no scheme ${scheme}`);
  const head = { headers, url: url ?? '/ingest/Event' };
  const claim = claimOf(found, options ?? {}, head, (now ?? 0) * 1000);
  return claim !== undefined && isSigned(claim, secrets, Buffer.from(body));
}
