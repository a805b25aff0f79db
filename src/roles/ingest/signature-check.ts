import { problem, type Problem } from '../../http/problem.ts';
import type { SignaturePlan } from '../../plan/plan.ts';
import type { SecretValues } from '../../ports/secrets.ts';
import { signatureSchemes } from '../../signatures/registry.ts';
import type { RequestHead } from '../../signatures/scheme.ts';
import { headerValue } from '../../signatures/support/header-value.ts';
import { claimOf, isSigned } from '../../signatures/verify.ts';

/** Whether the requests of an entity come from the holder of its secret. */
export interface SignatureCheck {
  /** Why a request is refused, as far as its head says: asked before its body is read. */
  refuse(head: RequestHead, now: number): Problem | undefined;
  /** The same with the body, of which every byte counts. `now` is in milliseconds since the epoch. */
  verify(head: RequestHead, body: Uint8Array, now: number): Problem | undefined;
  /** What a provider that only tests the endpoint wants to read back: of a verified request only. */
  challengeIn(body: Uint8Array): string | undefined;
  /** The provider's id of this delivery, where its scheme has one: of a verified request only. */
  deliveryId(head: RequestHead): string | undefined;
}

/** Without values every request is refused. */
export function signatureCheck(
  { scheme: name, secret, options }: SignaturePlan,
  secrets: SecretValues,
): SignatureCheck {
  const scheme = signatureSchemes.get(name);
  if (scheme === undefined) throw new Error(`there is no signature scheme ${name}`);
  const { deliveryHeader } = scheme;
  return {
    refuse: (head, now) => (claimOf(scheme, options, head, now) === undefined ? badSignature() : undefined),
    verify(head, body, now) {
      const claim = claimOf(scheme, options, head, now);
      return claim !== undefined && isSigned(claim, secrets(secret), body) ? undefined : badSignature();
    },
    challengeIn: (body) => scheme.challengeIn?.(body),
    deliveryId: (head) => (deliveryHeader === undefined ? undefined : headerValue(head, deliveryHeader)),
  };
}

/** The same words whatever is wrong: only who has the secret needs to know, and can find out. */
const badSignature = (): Problem =>
  problem('bad_signature', 'the request has no valid signature of the sender that this entity expects');
