/** What a request brings to prove its sender: nothing, a bearer token, or something that cannot be read. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  | { readonly kind: 'malformed'; readonly reason: string };

/** Characters of a token at most. A key has 40; a token of an identity provider seldom has more than 2000. */
const LONGEST = 8_192;
/** RFC 6750, 2.1: the scheme in any case, and a `b64token`. */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i;
const IS_BEARER = /^bearer(?: |$)/i;
const NONE: Credential = { kind: 'none' };

/**
 * Reads `Authorization: Bearer`. Other schemes are none of ours: a proxy may have asked for them. `raw` are names and values as they
 * came: Node keeps the first of two `Authorization` headers, a proxy may have looked at the second one.
 */
export function credentialOf(authorization: string | undefined, raw: readonly string[]): Credential {
  if (authorization === undefined) return NONE;
  if (isTwice(raw)) return { kind: 'malformed', reason: 'the request has several Authorization headers' };
  if (authorization.length > LONGEST)
    return { kind: 'malformed', reason: 'the Authorization header is too long' };
  const token = BEARER.exec(authorization)?.[1];
  if (token !== undefined) return { kind: 'bearer', token };
  return IS_BEARER.test(authorization)
    ? { kind: 'malformed', reason: 'the bearer token has characters that none has' }
    : NONE;
}

function isTwice(raw: readonly string[]): boolean {
  let count = 0;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at];
    if (name?.length === 13 && name.toLowerCase() === 'authorization') count += 1;
  }
  return count > 1;
}
