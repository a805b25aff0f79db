import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Encoding = 'hex' | 'base64' | 'base64url';

/** Four characters of base64 are three bytes, and one alone is none. */
const FORMS: Readonly<Record<Encoding, RegExp>> = {
  hex: /^(?:[0-9a-f]{2})+$/i,
  base64: /^(?=.)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/,
  base64url: /^(?=.)(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}(?:==)?|[A-Za-z0-9_-]{3}=?)?$/,
};

/** The bytes that a text stands for; undefined where it is not of the encoding from end to end. */
export function decoded(text: string, encoding: Encoding): Buffer | undefined {
  return FORMS[encoding].test(text) ? Buffer.from(text, encoding) : undefined;
}

/** Signatures of one request that are looked at; providers send one for each of their keys. */
const MOST = 16;

/** Whether one of the signatures is the HMAC of the parts, one after the other. */
export function isHmac(
  algorithm: string,
  key: string | Uint8Array,
  parts: readonly (string | Uint8Array)[],
  signatures: readonly Uint8Array[],
): boolean {
  const hmac = createHmac(algorithm, key);
  for (const part of parts) hmac.update(part);
  const expected = hmac.digest();
  return firstOf(signatures).some((each) => isEqual(each, expected));
}

/** As many signatures as are looked at. */
export function firstOf<T>(signatures: readonly T[]): readonly T[] {
  return signatures.slice(0, MOST);
}

/** Compares in a time that says nothing about the place of the first difference. */
export function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
