import { isIP } from 'node:net';
import { checkServerIdentity, type ConnectionOptions as NodeTlsOptions } from 'node:tls';
import { credsAuthenticator, nkeyAuthenticator, type ConnectionOptions } from '@nats-io/transport-node';
import { fileReason } from '../../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../../files/named-file.ts';

/**
 * How a process proves to NATS who it is, and whom it trusts, beside what the URL says. Files are read at each
 * connection, so that a renewed one counts from the next on.
 */
export interface NatsAccess {
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  /** A file with a JWT and the seed of its key, as `nsc` and `nats` write it. */
  readonly credsFile?: string;
  /** A file with the seed of a key. */
  readonly nkeyFile?: string;
  /** Certificates of the authorities that may have signed the server's; else those that Node knows. PEM, as the next two. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Whether the server begins with TLS, before it says anything: `handshake_first` of nats-server. */
  readonly tlsFirst?: boolean;
}

type AccessOptions = Pick<ConnectionOptions, 'servers' | 'authenticator' | 'user' | 'pass' | 'token' | 'tls'>;

/** What the driver needs of a URL, `nats://user:password@host:port` or several with commas between, and of `access`. */
export function accessOptions(url: string, access: NatsAccess = {}): AccessOptions {
  const { credsFile, nkeyFile } = access;
  const authenticators = [
    ...(credsFile === undefined ? [] : [credsAuthenticator(() => bytesIn(credsFile))]),
    ...(nkeyFile === undefined ? [] : [nkeyAuthenticator(() => seedIn(nkeyFile))]),
  ];
  return {
    servers: addressesOf(url),
    ...credentialsOf(url, access),
    ...(authenticators.length === 0 ? {} : { authenticator: authenticators }),
    // Once these options are there, the driver sends nothing before the server has proven itself over TLS.
    ...(demandsTls(url, access) ? { tls: tlsOptions(url, access) } : {}),
  };
}

/** Whether nothing may be sent without TLS: then this holds for every server of the cluster. */
export function demandsTls(url: string, { caFile, certFile, keyFile, tlsFirst }: NatsAccess = {}): boolean {
  return (
    partsOf(url).some((part) => part.startsWith('tls://')) ||
    [caFile, certFile, keyFile].some((file) => file !== undefined) ||
    tlsFirst === true
  );
}

/** The addresses without what may be secret. */
export function hostsOf(url: string): string {
  return addressesOf(url).join(', ');
}

function tlsOptions(
  url: string,
  { caFile, certFile, keyFile, tlsFirst }: NatsAccess,
): NonNullable<ConnectionOptions['tls']> & Pick<NodeTlsOptions, 'checkServerIdentity'> {
  const options = {
    checkServerIdentity: identityCheck(url),
    ...(tlsFirst === true ? { handshakeFirst: true } : {}),
  };
  // The driver asks for these at each connection. It reads files by itself too, but would wait for one without an end.
  for (const [name, path] of Object.entries({ ca: caFile, cert: certFile, key: keyFile }))
    if (path !== undefined)
      Object.defineProperty(options, name, { enumerable: true, get: () => bytesIn(path).toString('utf8') });
  return options;
}

function bytesIn(path: string): Buffer {
  try {
    return readNamedFile(path, LARGEST.certificates);
  } catch (error) {
    throw new Error(`${path} cannot be read: ${fileReason(error)}`, { cause: error });
  }
}

/**
 * Of a server that is known by an IP address the driver does not tell Node which one it is, and Node then takes it for
 * localhost. Its certificate has to be of an address that stands in the URL.
 */
function identityCheck(url: string): NonNullable<NodeTlsOptions['checkServerIdentity']> {
  const hosts = addressesOf(url).map(hostOf);
  const addresses = hosts.filter((host) => isIP(host) !== 0);
  return (name, certificate) => {
    if (name !== 'localhost' || hosts.includes('localhost') || addresses.length === 0)
      return checkServerIdentity(name, certificate);
    const refusals = addresses.map((address) => checkServerIdentity(address, certificate));
    return refusals.includes(undefined) ? undefined : refusals[0];
  };
}

/** `tls://[::1]:4222` is `::1`. */
function hostOf(address: string): string {
  const [, bracketed, plain = ''] = /^(?:\w+:\/\/)?(?:\[([^\]]*)\]|([^:/]*))/.exec(address) ?? [];
  return bracketed ?? plain;
}

function credentialsOf(url: string, access: NatsAccess): Pick<AccessOptions, 'user' | 'pass' | 'token'> {
  const written = partsOf(url)
    .map((part) => /\/\/(.*)@/.exec(part)?.[1])
    .find((found) => found !== undefined);
  const { user, password, token } = written === undefined ? access : writtenCredentials(written);
  return {
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    ...(token === undefined ? {} : { token }),
  };
}

/** `user:password`, or a token alone. */
function writtenCredentials(text: string): Pick<NatsAccess, 'user' | 'password' | 'token'> {
  const colon = text.indexOf(':');
  if (colon < 0) return { token: decoded(text) };
  return { user: decoded(text.slice(0, colon)), password: decoded(text.slice(colon + 1)) };
}

/** A password with a percent sign that stands for itself is taken as it is written. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Each of them without what may be secret. */
export function addressesOf(url: string): string[] {
  return partsOf(url).map((part) => part.replace(/\/\/.*@/, '//'));
}

function partsOf(url: string): readonly string[] {
  return url.split(',').map((part) => part.trim());
}

/** The seed stands on a line of its own; others may be decoration or comments. */
function seedIn(path: string): Uint8Array {
  const seed = /^S[A-Z2-7]{20,}$/m.exec(bytesIn(path).toString('utf8'))?.[0];
  if (seed === undefined) throw new Error(`${path} holds no nkey seed`);
  return new TextEncoder().encode(seed);
}
