/** Why TLS with a server cannot come about, however long one waits. */
export interface TlsFault {
  readonly reason: string;
  readonly help: string;
}

/** As Node names what OpenSSL finds of a chain of certificates (nodejs.org/api/tls.html, "X509 certificate error codes"). */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
]);

const TRUST = 'Name the file with its authority (PEM) in NODE_EXTRA_CA_CERTS: see docs/tls.md.';
const RENEW = 'Renew the certificate of the server, or correct the clock of this machine.';

/**
 * What an error of a connection says of TLS, where waiting does not help: a person has to change a certificate, the URL or a setting.
 * Undefined for every other error, one of TLS among them that may pass, such as a record that was damaged on the way.
 */
export function tlsFault(error: Error & { readonly code: string }): TlsFault | undefined {
  const { code } = error;
  if (UNTRUSTED.has(code))
    return { reason: 'no authority that this machine trusts vouches for its certificate', help: TRUST };
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { reason: 'its certificate has expired', help: RENEW };
    case 'CERT_NOT_YET_VALID':
      return { reason: 'its certificate is not valid yet', help: RENEW };
    case 'HOSTNAME_MISMATCH':
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        reason: `its certificate is for other hosts${hostsOf(error)}`,
        help: 'Write a host of the certificate into the URL, or add this one to the certificate.',
      };
    default:
      return ofHandshake(wordsOf(error));
  }
}

/**
 * What OpenSSL says, in lower case with one space between words: `tlsv13 alert certificate required`. Node puts it into the code,
 * `ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED`, or for a handshake that begins with a write only into the message of `EPROTO`.
 */
function wordsOf({ code, message }: Error & { readonly code: string }): string {
  const text = code.startsWith('ERR_SSL_')
    ? code.slice('ERR_SSL_'.length)
    : code === 'EPROTO'
      ? (/:SSL routines:[^:]*:([^:]*)/.exec(message)?.[1] ?? '')
      : '';
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}

const NO_CLIENT_CERTIFICATE = 'do not demand a certificate of its clients';

/** Alerts after which the same handshake may come about another time. */
const PASSING = /bad record mac|decrypt|internal error|user cancel|close notify/;

function ofHandshake(words: string): TlsFault | undefined {
  if (/wrong version number|http request|packet length too long/.test(words))
    return {
      reason: 'what listens there does not speak TLS',
      help: 'Write http:// into the URL, if the server has no certificate.',
    };
  if (
    /certificate required|bad certificate$|unsupported certificate$|certificate unknown|unknown ca/.test(
      words,
    )
  )
    return {
      reason: 'it demands a certificate of its clients, and this command has none',
      help: `Let the server ${NO_CLIENT_CERTIFICATE}, or send through a proxy that has one.`,
    };
  if (
    /protocol version|unsupported protocol|handshake failure|no shared cipher|insufficient security/.test(
      words,
    )
  )
    return {
      reason: 'it agrees to no version of TLS and no cipher that this command takes',
      help: `Let the server take TLS 1.2 or 1.3, and ${NO_CLIENT_CERTIFICATE}.`,
    };
  if (/unrecognized name/.test(words))
    return {
      reason: 'it does not know the host of the URL (unrecognized name)',
      help: 'Write the host into the URL by which the server knows itself, or let it take this one.',
    };
  if (/no application protocol/.test(words))
    return {
      reason: 'it agrees to no protocol that this command speaks, which is HTTP/1.1 (ALPN)',
      help: 'Let the server take HTTP/1.1.',
    };
  // Whatever else the other side objects to, it would object to again.
  if (/\balert\b/.test(words) && !PASSING.test(words))
    return {
      reason: `it refuses TLS with this client: ${words}`,
      help: 'See the log of the server, and docs/tls.md.',
    };
  return undefined;
}

function hostsOf(error: Error): string {
  const cert: unknown = 'cert' in error ? error.cert : undefined;
  const names = typeof cert === 'object' && cert !== null && 'subjectaltname' in cert && cert.subjectaltname;
  return typeof names === 'string' && names !== '' ? `: ${names}` : '';
}
