import type { SignatureScheme } from './scheme.ts';
import { decoded, isHmac } from './support/digests.ts';
import { headerValue } from './support/header-value.ts';

const PREFIX = 'sha256=';

export const github: SignatureScheme = {
  name: 'github',
  doc: 'GitHub: `X-Hub-Signature-256`, an HMAC-SHA-256 of the body in hexadecimal digits.',
  source: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
  parameters: [],
  header: () => 'x-hub-signature-256',
  timed: false,
  read: (head) => {
    const header = headerValue(head, 'x-hub-signature-256');
    const signature = header?.startsWith(PREFIX) === true && decoded(header.slice(PREFIX.length), 'hex');
    if (signature === false || signature === undefined) return undefined;
    return {
      signed: (body) => [body],
      isBy: (secret, body) => isHmac('sha256', secret, [body], [signature]),
    };
  },
};
