import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { RequestHead, SchemeParameter, SignatureScheme } from './scheme.ts';
import { decoded, isEqual, isHmac } from './support/digests.ts';
import { headerValue } from './support/header-value.ts';

const url: SchemeParameter = {
  name: 'url',
  doc: 'What the sender has in front of `/ingest/…`; `https://` and the `Host` of the request when it is left out.',
  takes: 'the beginning of the URL that Twilio calls, such as "https://hooks.example.com"',
  required: false,
  read: (text) => (/^https?:\/\/[^\s/?#]+(?:\/[^\s?#]*)?$/.test(text) ? text.replace(/\/+$/, '') : undefined),
};

/**
 * Twilio signs the URL that it calls. Of a form it signs the fields too, sorted; of any other body the URL has the digest,
 * as `bodySHA256`.
 */
export const twilio: SignatureScheme = {
  name: 'twilio',
  doc: 'Twilio: `X-Twilio-Signature`, an HMAC-SHA-1 of the URL and the fields of a form, or of a URL with `bodySHA256`.',
  source: 'https://www.twilio.com/docs/usage/security#validating-requests',
  parameters: [url],
  header: () => 'x-twilio-signature',
  timed: false,
  read: (head, options) => {
    const signature = decoded(headerValue(head, 'x-twilio-signature') ?? '', 'base64');
    if (signature === undefined) return undefined;
    const digest = digestIn(head.url);
    const form = isForm(head);
    // Without either of them nothing would tie the body to the signature.
    if (digest === undefined && !form) return undefined;
    const called = (options['url'] ?? `https://${headerValue(head, 'host') ?? ''}`) + head.url;
    const fieldsOf = (body: Uint8Array) => (digest === undefined ? formFields(body) : '');
    return {
      // Fields in another order have the same signature. A URL with a digest stands for its body.
      signed: (body) => [head.url, fieldsOf(body)],
      isBy: (secret, body) => {
        if (digest !== undefined && !isEqual(digest, hash('sha256', body, 'buffer'))) return false;
        const fields = fieldsOf(body);
        return spellings(called).some((each) => isHmac('sha1', secret, [each, fields], [signature]));
      },
    };
  },
};

function digestIn(target: string): Buffer | undefined {
  const query = target.split('?').slice(1).join('?');
  return decoded(new URLSearchParams(query).get('bodySHA256') ?? '', 'hex');
}

function isForm(head: RequestHead): boolean {
  const type = headerValue(head, 'content-type') ?? '';
  return type.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/** The fields, sorted by name, each name with its value behind it; of a field that came several times, each value once. */
function formFields(body: Uint8Array): string {
  const fields = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    const values = fields.get(name);
    if (values === undefined) fields.set(name, new Set([value]));
    else values.add(value);
  }
  return [...fields]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, values]) => [...values].sort().map((value) => name + value))
    .join('');
}

/** With and without the port that everybody leaves out: Twilio signs one or the other, by product. */
function spellings(called: string): readonly string[] {
  const parts = /^(https?):\/\/([^/?#:]+|\[[^\]]*\])(:[0-9]+)?(.*)$/s.exec(called);
  if (parts === null) return [called];
  const [, scheme = '', host = '', port, rest = ''] = parts;
  const usual = scheme === 'https' ? ':443' : ':80';
  if (port === undefined) return [called, `${scheme}://${host}${usual}${rest}`];
  return port === usual ? [called, `${scheme}://${host}${rest}`] : [called];
}
