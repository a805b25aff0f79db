import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Tokens, Verified } from '../../ports/tokens.ts';
import { fetchBounded } from './bounded-answer.ts';

export interface TokenOptions {
  /** As the claim `iss` has it. */
  readonly issuer: string;
  /** One of the claim `aud`. */
  readonly audience: string;
  /** Where the provider publishes its public keys. */
  readonly jwksUrl: string;
  /** The claim that says who sends. */
  readonly sourceClaim: string;
}

/** Signatures with a public key only: a secret that both sides share would be one more thing to leak. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Seconds that two clocks may differ. */
const SKEW = 30;
/** Milliseconds for one request to the provider. */
const TIMEOUT = 3_000;
/**
 * Milliseconds for which the provider's keys serve. With the time of one request and that for which a verified token is
 * remembered it makes the minute that docs/security.md promises.
 */
const KEYS_SERVE = 25_000;
/** Milliseconds between two requests to the provider: while it fails, each token of a stranger would make one. */
const ASK_EVERY = 1_000;

/** What these mean: the provider does not give its keys, and nothing can be said of the token. */
const PROVIDER_FAILED: ReadonlySet<string> = new Set([
  'ERR_JWKS_TIMEOUT',
  'ERR_JWKS_INVALID',
  'ERR_JOSE_GENERIC',
]);

/** The tokens (JWT, RFC 7519) of an identity provider, verified with the keys that it publishes (JWKS, RFC 7517). */
export function openTokens({ issuer, audience, jwksUrl, sourceClaim }: TokenOptions): Tokens {
  let askedAt = -Infinity;
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: TIMEOUT,
    cacheMaxAge: KEYS_SERVE,
    async [customFetch](url, options) {
      const now = Date.now();
      // Also where the clock was set back.
      if (Math.abs(now - askedAt) < ASK_EVERY) silent();
      askedAt = now;
      return fetchBounded(url, options).catch(silent);
    },
  });
  return {
    async verify(token) {
      try {
        const { payload, protectedHeader } = await jwtVerify(token, keys, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          clockTolerance: SKEW,
          requiredClaims: ['exp', sourceClaim],
        });
        const fault = faultOf(payload, protectedHeader.typ);
        return fault === undefined ? valid(payload, sourceClaim) : { kind: 'refused', reason: fault };
      } catch (error) {
        return failed(error);
      }
    },
  };
}

function valid(payload: JWTPayload, sourceClaim: string): Verified {
  const { [sourceClaim]: subject, scope, exp = 0 } = payload;
  if (typeof subject !== 'string')
    return { kind: 'refused', reason: `the claim ${sourceClaim} of the token is not a text` };
  const words = typeof scope === 'string' ? scope.split(' ') : [];
  return { kind: 'valid', subject, scope: words, expiresAt: (exp + SKEW) * 1000 };
}

/** What tokens of access are called (RFC 7519, RFC 9068); a token for another purpose is none. */
const TYPES: ReadonlySet<string> = new Set(['jwt', 'at+jwt']);

/** What the library does not look at. */
function faultOf({ iat, exp }: JWTPayload, type: string | undefined): string | undefined {
  // What JSON writes as 1e400 is a number for the library, later than any time.
  if (!Number.isFinite(exp)) return CLAIMS['exp'];
  if (iat !== undefined && iat > Date.now() / 1000 + SKEW) return 'the token was issued in the future';
  const named = type?.toLowerCase().replace(/^application\//, '');
  return named === undefined || TYPES.has(named)
    ? undefined
    : 'the token is of another type than JWT or at+jwt';
}

/** No answer at all is not told apart from a late one. */
function silent(): never {
  throw new errors.JWKSTimeout();
}

/** What a sender is told, by the library's code: its messages may quote a claim. */
const REFUSALS: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'the token has expired',
  ERR_JWKS_NO_MATCHING_KEY: 'the token is signed with a key that the identity provider does not publish',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS:
    'the token does not say which key of the identity provider signed it (kid)',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'the signature of the token is wrong',
  ERR_JOSE_ALG_NOT_ALLOWED: 'the token is signed by an algorithm that is not taken',
  ERR_JOSE_NOT_SUPPORTED: 'the token asks for something that is not supported',
  ERR_JWS_INVALID: 'the token is not a signed JWT',
  ERR_JWT_INVALID: 'the token is not a signed JWT',
};

/** What a claim that the library names is about; other names are what a stranger may choose. */
const CLAIMS: Readonly<Record<string, string>> = {
  iss: 'the token is of another issuer',
  aud: 'the token is for another audience',
  exp: 'the token does not say when it ends (exp)',
  nbf: 'the token is not valid yet',
};

function failed(error: unknown): Verified {
  // The key that the token names is none that can verify anything; with others the provider's tokens are still good.
  if (!(error instanceof errors.JOSEError))
    return { kind: 'refused', reason: 'the token is not valid here: its key cannot be used' };
  if (PROVIDER_FAILED.has(error.code))
    return { kind: 'unavailable', reason: 'the keys of the identity provider cannot be read' };
  if (error instanceof errors.JWTClaimValidationFailed)
    return {
      kind: 'refused',
      reason: CLAIMS[error.claim] ?? 'the token lacks a claim that names its sender',
    };
  return { kind: 'refused', reason: REFUSALS[error.code] ?? 'the token is not valid here' };
}
