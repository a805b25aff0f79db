import type { SchemeParameter, SignatureScheme } from './scheme.ts';
import { decoded, type Encoding, isHmac } from './support/digests.ts';
import { headerValue } from './support/header-value.ts';

const header: SchemeParameter = {
  name: 'header',
  doc: 'The header with the signature.',
  takes: 'the name of a header in quotes, such as "x-signature"',
  required: true,
  read: (text) => (/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text) ? text.toLowerCase() : undefined),
};

const algorithm = oneOf('algorithm', 'The hash function.', ['sha1', 'sha256', 'sha384', 'sha512']);
const encoding = oneOf('encoding', 'How the header writes the bytes.', ['hex', 'base64', 'base64url']);

/** For all who sign the body and nothing else. */
export const hmac: SignatureScheme = {
  name: 'hmac',
  doc: 'Any sender whose header is an HMAC of the body; `sha256=` or the like in front of it is taken too.',
  source: 'https://www.rfc-editor.org/rfc/rfc2104',
  parameters: [header, algorithm, encoding],
  header: (options) => options['header'] ?? '',
  timed: false,
  read: (head, options) => {
    const [used = '', form = 'hex'] = [options['algorithm'], options['encoding'] as Encoding | undefined];
    const text = headerValue(head, options['header'] ?? '') ?? '';
    const prefix = `${used}=`;
    const signature = decoded(text.startsWith(prefix) ? text.slice(prefix.length) : text, form);
    if (signature === undefined) return undefined;
    return {
      signed: (body) => [body],
      isBy: (secret, body) => isHmac(used, secret, [body], [signature]),
    };
  },
};

function oneOf(name: string, doc: string, words: readonly string[]): SchemeParameter {
  return {
    name,
    doc,
    takes: `one of ${words.join(', ')}`,
    required: true,
    read: (text) => words.find((each) => each === text.toLowerCase()),
  };
}
