import { errors } from '@nats-io/transport-node';
import { Failure } from '../../ports/failure.ts';
import { hostsOf } from './access.ts';

/**
 * Why no connection came about, as a `Failure`: QUEUE_MISCONFIGURED where no waiting helps, because a credential, a
 * certificate or a file is wrong; else QUEUE_UNAVAILABLE.
 */
export function refusedConnection(error: unknown, url: string): Failure {
  const hosts = hostsOf(url);
  const told = (message: string, help: string): Failure =>
    new Failure('QUEUE_MISCONFIGURED', message, { cause: error, help });
  if (error instanceof errors.UserAuthenticationExpiredError)
    return told(`NATS at ${hosts} refuses the credentials: they have expired`, CREDENTIALS);
  if (error instanceof errors.AuthorizationError && !isLate(error))
    return told(
      `NATS at ${hosts} refuses the credentials: they are unknown there, have expired, or are missing`,
      CREDENTIALS,
    );
  const chain = causesOf(error);
  if (chain.some(({ message }) => message === `server does not support 'tls'`))
    return told(
      `NATS at ${hosts} does not offer TLS, which tls:// demands: nothing was sent. Turn TLS on at the server, or write nats://`,
      'See docs/tls.md.',
    );
  const tls = chain.find(isTlsFault);
  if (tls !== undefined)
    return told(`no connection to NATS at ${hosts}: ${withoutHint(tls.message)}`, CERTIFICATES);
  const file = chain.find(isFileFault);
  if (file !== undefined) return told(`no connection to NATS at ${hosts}: ${file.message}`, FILES);
  return new Failure('QUEUE_UNAVAILABLE', `no JetStream at ${hosts}: ${whyAway(chain)}`, {
    cause: error,
    ...(chain.some(isSilence) ? { help: SILENT } : {}),
  });
}

const CREDENTIALS =
  'Correct or renew what NATS_URL, NATS_USER and NATS_PASSWORD, NATS_TOKEN, NATS_CREDS or NATS_NKEY say: see docs/tls.md.';
const CERTIFICATES =
  'Name the authority that signed the certificate of the server with NATS_CA, and use the name of the host that it is for: see docs/tls.md.';
const FILES = 'Correct the setting that names this file, or its contents, and let this user read it.';
const SILENT =
  'Look whether NATS listens there. A server that demands a certificate (NATS_CERT and NATS_KEY), or begins with TLS (NATS_TLSFIRST), is silent too.';

/** Node adds how to start it otherwise, which is nothing to do here. */
function withoutHint(message: string): string {
  return message.replace(/; if the root CA is installed locally.*$/, '');
}

function isSilence(error: Error): boolean {
  return error instanceof errors.TimeoutError;
}

/** What tells a wrong port from a server that is down: nobody listens, somebody else answers, or nobody does. */
function whyAway(chain: readonly Error[]): string {
  const codes = chain.map((each) => ('code' in each ? String(each.code) : ''));
  if (codes.includes('ECONNREFUSED')) return 'nothing listens there';
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN')) return 'the host has no address';
  if (chain.some(isSilence)) return 'it does not answer as NATS does';
  return visibleReason(chain.at(-1)?.message ?? 'unknown');
}

/** The server waited for the credentials and got none in time, on a busy machine for example: it has not refused any. */
function isLate({ message }: Error): boolean {
  return /authentication timeout/i.test(message);
}

/** A server that is no NATS may have sent anything. */
function visibleReason(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 200);
}

function causesOf(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

/** Codes of OpenSSL and Node: `SELF_SIGNED_CERT_IN_CHAIN`, `ERR_TLS_CERT_ALTNAME_INVALID`, `ERR_SSL_TLSV13_ALERT_…`. */
function isTlsFault(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return /^ERR_(TLS|SSL|OSSL)|CERT|UNABLE_TO_(VERIFY|GET)|CRL/.test(code);
}

function isFileFault(error: Error): boolean {
  return / cannot be read: |holds no nkey seed$|unable to parse credentials/.test(error.message);
}
