import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type SecureContextOptions, type Server, createSecureContext } from 'node:tls';
import { fileReason } from '../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../files/named-file.ts';
import { endText, type Validity, validityOf } from './certificate-end.ts';
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';

/** Paths of PEM files. */
export interface TlsFiles {
  /** The certificate of the server, with those that lead to its authority. */
  readonly certificate: string;
  readonly key: string;
  /** Authorities of clients' certificates; every client but a probe needs one then. */
  readonly clientAuthority?: string;
}

/** What the files said when they were read together. */
export interface Identity {
  readonly options: SecureContextOptions;
  /** Differs where a file differs. */
  readonly mark: string;
  /** Of the server's own certificate. */
  readonly validity: Validity;
}

/** How often the files are looked at, in milliseconds. */
export const LOOK_EVERY = 5_000;

/** Reads the files, and proves that they go together. Rejects with CANNOT_USE_CERTIFICATE. */
export function readIdentity(files: TlsFiles): Identity {
  try {
    const { certificate, key, clientAuthority } = files;
    const [cert, ownKey] = [textIn(certificate), textIn(key)];
    const ca = clientAuthority === undefined ? undefined : textIn(clientAuthority);
    const own = proveTogether(files, certificatesIn(certificate, cert), keyIn(key, ownKey));
    // From a text without a certificate Node would take no authority, and then trust every one that it knows.
    if (clientAuthority !== undefined && ca !== undefined) certificatesIn(clientAuthority, ca);
    const options: SecureContextOptions = {
      ...{ minVersion: 'TLSv1.2', cert, key: ownKey },
      ...(ca === undefined ? {} : { ca }),
    };
    createSecureContext(options);
    return { options, mark: [cert, ownKey, ca].join('\n'), validity: validityOf(own) };
  } catch (error) {
    // The message names the path, or what OpenSSL did not like; never the key itself.
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('CANNOT_USE_CERTIFICATE', reason, { cause: error });
  }
}

function textIn(path: string): string {
  try {
    return readNamedFile(path, LARGEST.certificates).toString('utf8');
  } catch (error) {
    throw new Error(`${path} cannot be read: ${fileReason(error)}`, { cause: error });
  }
}

const CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** At least one. */
function certificatesIn(path: string, text: string): readonly X509Certificate[] {
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length === 0) throw new Error(`${path} holds no certificate (PEM)`);
  return found.map((certificate, at) => {
    try {
      return new X509Certificate(certificate);
    } catch (error) {
      throw new Error(`${path}: its certificate ${at + 1} cannot be read`, { cause: error });
    }
  });
}

const KEY = /-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----/;

function keyIn(path: string, text: string): KeyObject {
  const kind = KEY.exec(text)?.[1];
  if (kind === undefined) throw new Error(`${path} holds no private key (PEM)`);
  if (kind === 'ENCRYPTED ' || /^Proc-Type: 4,ENCRYPTED/m.test(text))
    throw new Error(`the key in ${path} has a passphrase, and nobody is asked for it: store it without one`);
  try {
    return createPrivateKey(text);
  } catch (error) {
    throw new Error(`${path}: its private key cannot be read`, { cause: error });
  }
}

/** Gives the server's own certificate. OpenSSL compares only keys of one kind: with a key of another it would serve, and every handshake would fail. */
function proveTogether(
  { certificate, key }: TlsFiles,
  certificates: readonly X509Certificate[],
  ownKey: KeyObject,
): X509Certificate {
  const at = certificates.findIndex((each) => each.checkPrivateKey(ownKey));
  const [own] = certificates;
  if (at === 0 && own !== undefined) return own;
  throw new Error(
    at > 0
      ? `the key in ${key} belongs to certificate ${at + 1} of ${certificate}: the server's own has to come first`
      : `the key in ${key} is not that of the certificate in ${certificate}`,
  );
}

export interface TlsWatch {
  readonly files: TlsFiles;
  readonly server: Pick<Server, 'setSecureContext'>;
  readonly first: Identity;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly every: number;
}

/**
 * Takes renewed files for new connections; those that are open go on. Files that are half written, or do not go together,
 * change nothing, and the log hears of them once. It also hears once that the certificate ends soon, and that it has ended.
 */
export async function watchIdentity({
  files,
  server,
  first,
  clock,
  log,
  signal,
  every,
}: TlsWatch): Promise<void> {
  let { mark, validity } = first;
  let told: string | undefined;
  let toldEnd: string | undefined;
  const tellEnd = (): void => {
    const text = endText(files.certificate, validity, clock.now());
    if (text !== undefined && text !== toldEnd) log.warn({ certificate: files.certificate }, text);
    toldEnd = text;
  };
  tellEnd();
  while (!signal.aborted) {
    await clock.sleep(every, signal);
    if (signal.aborted) return;
    try {
      tellEnd();
      const next = readIdentity(files);
      told = undefined;
      if (next.mark === mark) continue;
      server.setSecureContext(next.options);
      ({ mark, validity } = next);
      log.info({ certificate: files.certificate }, 'the renewed certificate serves new connections');
      tellEnd();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.message !== told)
        log.error({ reason: error.message }, 'the renewed certificate cannot be used, the old one goes on');
      told = error.message;
    }
  }
}
