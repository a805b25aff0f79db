import { Failure } from '../../ports/failure.ts';
import { UNUSABLE } from './connection/wrong-setting.ts';
import { failureOf } from './failure-of.ts';
import { refusedParameter } from './greet.ts';

/** Why no connection came about. STORE_MISCONFIGURED where no waiting helps: a certificate or a password is wrong or missing. */
export function refusedConnection(error: unknown, within: number): Failure {
  const refused = refusedParameter(error);
  if (refused !== undefined) return refused;
  if (!(error instanceof Error) || error instanceof Failure) return failureOf(error);
  const told = (message: string): Failure =>
    new Failure('STORE_MISCONFIGURED', message, { cause: error, headline: UNUSABLE, help: CONNECT });
  if (isUnanswered(error))
    return new Failure('STORE_UNAVAILABLE', `no answer to a new connection within ${within / 1000} s`, {
      cause: error,
    });
  if (error.message === NO_TLS) return told(`${NO_TLS}, and sslmode demands it`);
  if (/client password must be a/.test(error.message))
    return told('the server asks for a password, and none is set: see PGPASSWORD and PGPASSFILE');
  if (/^SASL|^channel_binding=/.test(error.message) || isTlsFault(error)) return told(error.message);
  return failureOf(error);
}

/** Where every route failed: what each said, once. Waiting helps where it may help on one of them. */
export function refusedEverywhere(failures: readonly Failure[]): Failure {
  const telling = failures.filter(({ message }) => !message.includes(NO_TLS));
  const said = telling.length === 0 ? failures : telling;
  const lasting = said.find(({ retryable }) => retryable) ?? said.at(-1);
  const reasons = new Set(said.map((failure) => reasonOf(failure)));
  if (lasting === undefined || reasons.size <= 1) return lasting ?? failureOf(undefined);
  return new Failure(lasting.code, [...reasons].join('; '), {
    cause: lasting,
    headline: lasting.headline,
    help: lasting.help,
  });
}

const CONNECT = 'Correct DATABASE_URL, the PG* variables, or the files that they name: see docs/tls.md.';
/** What the driver and its pool say, without a code, where a server takes a connection and says nothing. */
const NO_ANSWER: ReadonlySet<string> = new Set([
  'timeout expired',
  'Connection terminated due to connection timeout',
]);

/** Whether a server took a connection and said nothing. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && NO_ANSWER.has(error.message);
}

const NO_TLS = 'The server does not support SSL connections';

function reasonOf({ message, headline }: Failure): string {
  return message.replace(`${headline}: `, '');
}

/** Codes of OpenSSL and Node: `SELF_SIGNED_CERT_IN_CHAIN`, `ERR_TLS_CERT_ALTNAME_INVALID`, `ERR_SSL_TLSV13_ALERT_…`. */
function isTlsFault(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return /^ERR_(TLS|SSL|OSSL)|CERT|UNABLE_TO_(VERIFY|GET)|CRL/.test(code);
}
