import type { SignatureScheme } from './scheme.ts';
import { decoded, isHmac } from './support/digests.ts';
import { headerValue } from './support/header-value.ts';

export const shopify: SignatureScheme = {
  name: 'shopify',
  doc: 'Shopify: `X-Shopify-Hmac-Sha256`, an HMAC-SHA-256 of the body in base64.',
  source: 'https://shopify.dev/docs/apps/build/webhooks/verify-deliveries',
  parameters: [],
  header: () => 'x-shopify-hmac-sha256',
  timed: false,
  read: (head) => {
    const signature = decoded(headerValue(head, 'x-shopify-hmac-sha256') ?? '', 'base64');
    if (signature === undefined) return undefined;
    return {
      signed: (body) => [body],
      isBy: (secret, body) => isHmac('sha256', secret, [body], [signature]),
    };
  },
};
