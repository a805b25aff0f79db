import { Buffer } from 'node:buffer';
import { readJson } from '../types/json-reader.ts';
import type { SignatureScheme } from './scheme.ts';
import { decoded, isHmac } from './support/digests.ts';
import { headerValue } from './support/header-value.ts';
import { secondsOf } from './support/seconds.ts';

const PREFIX = 'v0=';
/** Bytes of a test of the endpoint; a message is seldom smaller, and is read once more for it. */
const LARGEST_TEST = 1024;

export const slack: SignatureScheme = {
  name: 'slack',
  doc: 'Slack: `X-Slack-Signature` and `X-Slack-Request-Timestamp`, an HMAC-SHA-256 of `v0`, the time and the body.',
  source: 'https://docs.slack.dev/authentication/verifying-requests-from-slack/',
  parameters: [],
  header: () => 'x-slack-signature',
  timed: true,
  challengeIn,
  read: (head) => {
    const timestamp = headerValue(head, 'x-slack-request-timestamp') ?? '';
    const header = headerValue(head, 'x-slack-signature') ?? '';
    const signedAt = secondsOf(timestamp);
    const signature = header.startsWith(PREFIX) ? decoded(header.slice(PREFIX.length), 'hex') : undefined;
    if (signedAt === undefined || signature === undefined) return undefined;
    const signed = (body: Uint8Array) => [`v0:${timestamp}:`, body];
    return {
      signedAt,
      signed,
      isBy: (secret, body) => isHmac('sha256', secret, signed(body), [signature]),
    };
  },
};

/** https://docs.slack.dev/reference/events/url_verification */
function challengeIn(body: Uint8Array): string | undefined {
  if (body.length > LARGEST_TEST) return undefined;
  const read = readJson(Buffer.from(body).toString('utf8'));
  const value = read.kind === 'value' ? read.value : undefined;
  if (typeof value !== 'object' || value === null || !('type' in value) || !('challenge' in value))
    return undefined;
  const { type, challenge } = value;
  return type === 'url_verification' && typeof challenge === 'string' ? challenge : undefined;
}
