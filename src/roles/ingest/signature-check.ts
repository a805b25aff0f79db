import { createHash } from 'node:crypto';
import { problem, type Problem } from '../../http/problem.ts';
import type { SignaturePlan } from '../../plan/plan.ts';
import type { SecretValues } from '../../ports/secrets.ts';
import { signatureSchemes } from '../../signatures/registry.ts';
import type { Claim, RequestHead } from '../../signatures/scheme.ts';
import { claimOf, isSigned } from '../../signatures/verify.ts';
import { isIdempotencyKey } from './idempotency.ts';

/** Whether the requests of an entity come from the holder of its secret. */
export interface SignatureCheck {
  /** Why a request is refused, as far as its head says: asked before its body is read. */
  refuse(head: RequestHead, now: number): Problem | undefined;
  /** The same with the body, of which every byte counts. `now` is in milliseconds since the epoch. */
  verify(head: RequestHead, body: Uint8Array, now: number): Verified;
  /** What a provider that only tests the endpoint wants to read back: of a verified request only. */
  challengeIn(body: Uint8Array): string | undefined;
}

export type Verified =
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** `key` stands for the message as an Idempotency-Key does, and comes of what is signed alone. */
  | { readonly kind: 'signed'; readonly key: string };

/** Without values every request is refused. */
export function signatureCheck(
  { scheme: name, secret, options }: SignaturePlan,
  secrets: SecretValues,
): SignatureCheck {
  const scheme = signatureSchemes.get(name);
  if (scheme === undefined) throw new Error(`there is no signature scheme ${name}`);
  return {
    refuse: (head, now) => (claimOf(scheme, options, head, now) === undefined ? badSignature() : undefined),
    verify(head, body, now) {
      const claim = claimOf(scheme, options, head, now);
      return claim !== undefined && isSigned(claim, secrets(secret), body)
        ? { kind: 'signed', key: keyOf(claim, body) }
        : { kind: 'refused', problem: badSignature() };
    },
    challengeIn: (body) => scheme.challengeIn?.(body),
  };
}

/**
 * What is not signed, such as a header that anybody can add, must not decide which message a request is: one request that
 * somebody saw would otherwise be as many messages as he likes, or take the place of the next one.
 */
function keyOf({ deliveryId, signed }: Claim, body: Uint8Array): string {
  if (deliveryId !== undefined && isIdempotencyKey(deliveryId)) return deliveryId;
  const digest = createHash('sha256');
  for (const part of deliveryId === undefined ? signed(body) : [deliveryId]) digest.update(part);
  return digest.digest('hex');
}

/** The same words whatever is wrong: only who has the secret needs to know, and can find out. */
const badSignature = (): Problem =>
  problem('bad_signature', 'the request has no valid signature of the sender that this entity expects');
