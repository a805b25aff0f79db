import { Buffer } from 'node:buffer';
import { createPublicKey, verify } from 'node:crypto';
import type { SignatureScheme } from './scheme.ts';
import { decoded, firstOf, isHmac } from './support/digests.ts';
import { headerValue } from './support/header-value.ts';
import { secondsOf } from './support/seconds.ts';

const SYMMETRIC = 'whsec_';
const PUBLIC_KEY = 'whpk_';
const PUBLIC_KEY_BYTES = 32;

/**
 * Standard Webhooks, on which many senders agree. `v1` is an HMAC, for secrets `whsec_…`; `v1a` is ed25519, for public
 * keys `whpk_…`.
 */
export const standard: SignatureScheme = {
  name: 'standard',
  doc: 'Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature`, with `v1` (HMAC-SHA-256, secret `whsec_…`) and `v1a` (ed25519, public key `whpk_…`).',
  source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  parameters: [],
  header: () => 'webhook-signature',
  timed: true,
  secretFault: (secret) => {
    const key = keyOf(secret);
    if (key === undefined) return 'is not base64 after `whsec_` or `whpk_`';
    return secret.startsWith(PUBLIC_KEY) && key.length !== PUBLIC_KEY_BYTES
      ? 'is not an ed25519 public key of 32 bytes'
      : undefined;
  },
  read: (head) => {
    const id = headerValue(head, 'webhook-id');
    const timestamp = headerValue(head, 'webhook-timestamp');
    const header = headerValue(head, 'webhook-signature');
    if (id === undefined || id === '' || timestamp === undefined || header === undefined) return undefined;
    const signedAt = secondsOf(timestamp);
    const signatures = header.split(' ');
    const ofVersion = (version: string): readonly Buffer[] =>
      signatures
        .filter((each) => each.startsWith(`${version},`))
        .flatMap((each) => decoded(each.slice(version.length + 1), 'base64') ?? []);
    const [hmacs, ed25519s] = [ofVersion('v1'), ofVersion('v1a')];
    if (signedAt === undefined || hmacs.length + ed25519s.length === 0) return undefined;
    const before = `${id}.${timestamp}.`;
    return {
      signedAt,
      deliveryId: id,
      signed: (body) => [before, body],
      isBy: (secret, body) => {
        const key = keyOf(secret);
        if (key === undefined) return false;
        return secret.startsWith(PUBLIC_KEY)
          ? isEd25519(key, Buffer.concat([Buffer.from(before), body]), ed25519s)
          : isHmac('sha256', key, [before, body], hmacs);
      },
    };
  },
};

function keyOf(secret: string): Buffer | undefined {
  const prefix = [SYMMETRIC, PUBLIC_KEY].find((each) => secret.startsWith(each)) ?? '';
  return decoded(secret.slice(prefix.length), 'base64');
}

function isEd25519(key: Buffer, signed: Buffer, signatures: readonly Buffer[]): boolean {
  if (key.length !== PUBLIC_KEY_BYTES || signatures.length === 0) return false;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  return firstOf(signatures).some((each) => verify(null, signed, publicKey, each));
}
