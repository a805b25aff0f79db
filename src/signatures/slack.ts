import type { SignatureScheme } from './scheme.ts';
import { decoded, isHmac } from './support/digests.ts';
import { headerValue } from './support/header-value.ts';
import { secondsOf } from './support/seconds.ts';

const PREFIX = 'v0=';

export const slack: SignatureScheme = {
  name: 'slack',
  doc: 'Slack: `X-Slack-Signature` and `X-Slack-Request-Timestamp`, an HMAC-SHA-256 of `v0`, the time and the body.',
  source: 'https://docs.slack.dev/authentication/verifying-requests-from-slack/',
  parameters: [],
  header: () => 'x-slack-signature',
  timed: true,
  read: (head) => {
    const timestamp = headerValue(head, 'x-slack-request-timestamp') ?? '';
    const header = headerValue(head, 'x-slack-signature') ?? '';
    const signedAt = secondsOf(timestamp);
    const signature = header.startsWith(PREFIX) ? decoded(header.slice(PREFIX.length), 'hex') : undefined;
    if (signedAt === undefined || signature === undefined) return undefined;
    return {
      signedAt,
      isBy: (secret, body) => isHmac('sha256', secret, [`v0:${timestamp}:`, body], [signature]),
    };
  },
};
