import type { X509Certificate } from 'node:crypto';

/** Milliseconds before its end from which a certificate is told, or the last fifth of its time: a renewal that was to come has failed by then. */
const SOON = 14 * 24 * 3_600_000;
const LAST_PART = 1 / 5;

/** For how long a certificate holds, in milliseconds since 1970. */
export interface Validity {
  readonly from: number;
  readonly to: number;
}

export function validityOf({ validFromDate, validToDate }: X509Certificate): Validity {
  return { from: validFromDate.getTime(), to: validToDate.getTime() };
}

/** What somebody has to know of the certificate in this file; undefined where it holds for long. */
export function endText(path: string, { from, to }: Validity, now: number): string | undefined {
  const at = new Date(to).toISOString();
  if (now >= to) return `the certificate in ${path} has expired, on ${at}`;
  if (now < from) return `the certificate in ${path} is not valid before ${new Date(from).toISOString()}`;
  return to - now < Math.min(SOON, (to - from) * LAST_PART)
    ? `the certificate in ${path} expires on ${at}`
    : undefined;
}
