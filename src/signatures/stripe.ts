import type { SignatureScheme } from './scheme.ts';
import { decoded, isHmac } from './support/digests.ts';
import { headerValue } from './support/header-value.ts';
import { secondsOf } from './support/seconds.ts';

/** No header of Stripe names the event: its id is a field of the body, for the entity to be keyed by. */
export const stripe: SignatureScheme = {
  name: 'stripe',
  doc: 'Stripe: `Stripe-Signature` with `t=` and any number of `v1=`, HMAC-SHA-256 of the time and the body.',
  source: 'https://docs.stripe.com/webhooks/signature#verify-manually',
  parameters: [],
  header: () => 'stripe-signature',
  timed: true,
  read: (head) => {
    const parts = (headerValue(head, 'stripe-signature') ?? '').split(',').map((each) => each.trim());
    const of = (name: string): readonly string[] =>
      parts.filter((each) => each.startsWith(`${name}=`)).map((each) => each.slice(name.length + 1));
    const [timestamp = '', second] = of('t');
    const signedAt = secondsOf(timestamp);
    const signatures = of('v1').flatMap((each) => decoded(each, 'hex') ?? []);
    if (signedAt === undefined || second !== undefined || signatures.length === 0) return undefined;
    const signed = (body: Uint8Array) => [`${timestamp}.`, body];
    return {
      signedAt,
      signed,
      isBy: (secret, body) => isHmac('sha256', secret, signed(body), signatures),
    };
  },
};
