import { Failure } from '../../ports/failure.ts';
import { hostsOf } from './access.ts';
import { refusalIn } from './refusal-words.ts';
import { Unfinished } from './why-timed-out.ts';

/**
 * Why no connection came about, as a `Failure`: QUEUE_MISCONFIGURED where no waiting helps, because a credential, a
 * certificate or a file is wrong; else QUEUE_UNAVAILABLE, as where the server has no more connections.
 */
export function refusedConnection(error: unknown, url: string): Failure {
  const hosts = hostsOf(url);
  const told = (message: string, help: string): Failure =>
    new Failure('QUEUE_MISCONFIGURED', message, { cause: error, help });
  const chain = causesOf(error);
  const refusal = chain.map(({ message }) => refusalIn(message)).find((found) => found !== undefined);
  if (refusal !== undefined) {
    const { code, told: words, help } = refusal;
    return new Failure(code, `NATS at ${hosts} ${words}`, { cause: error, help });
  }
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
  const unfinished = chain.find((each) => each instanceof Unfinished);
  return new Failure('QUEUE_UNAVAILABLE', `no JetStream at ${hosts}: ${whyAway(chain)}`, {
    cause: error,
    ...(unfinished === undefined ? {} : { help: unfinished.silent ? SILENT : UNFINISHED }),
  });
}

const CERTIFICATES =
  'Name the authority that signed the certificate of the server with NATS_CA, and use the name of the host that it is for: see docs/tls.md.';
const FILES = 'Correct the setting that names this file, or its contents, and let this user read it.';
const SILENT =
  'It may hang or be overloaded: look at nats-server and its log, and whether it is NATS that listens there. ' +
  'A server that begins with TLS (NATS_TLSFIRST) is silent too.';
const UNFINISHED =
  'Look whether NATS listens there, and whether it is overloaded. A server that demands a certificate (NATS_CERT and NATS_KEY) may greet and then be silent.';

/** Node adds how to start it otherwise, which is nothing to do here. */
function withoutHint(message: string): string {
  return message.replace(/; if the root CA is installed locally.*$/, '');
}

/** What tells a wrong port from a server that is down: nobody listens, somebody else answers, or nobody does. */
function whyAway(chain: readonly Error[]): string {
  const codes = chain.map((each) => ('code' in each ? String(each.code) : ''));
  if (codes.includes('ECONNREFUSED')) return 'nothing listens there';
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN')) return 'the host has no address';
  const unfinished = chain.find((each) => each instanceof Unfinished);
  if (unfinished !== undefined) return unfinished.message;
  return visibleReason(chain.at(-1)?.message ?? 'unknown');
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
