import type { SignatureScheme } from './scheme.ts';
import { decoded, isHmac } from './support/digests.ts';
import { headerValue } from './support/header-value.ts';

export const shopify: SignatureScheme = {
  name: 'shopify',
  doc: 'Shopify: `X-Shopify-Hmac-Sha256`, an HMAC-SHA-256 of the body in base64.',
  source: 'https://shopify.dev/docs/apps/build/webhooks/verify-deliveries',
  parameters: [],
  header: () => 'x-shopify-hmac-sha256',
  // Of the two ids of a request this one is of the delivery; an event that two subscriptions want has another for each.
  deliveryHeader: 'x-shopify-webhook-id',
  timed: false,
  read: (head) => {
    const signature = decoded(headerValue(head, 'x-shopify-hmac-sha256') ?? '', 'base64');
    if (signature === undefined) return undefined;
    return { isBy: (secret, body) => isHmac('sha256', secret, [body], [signature]) };
  },
};
