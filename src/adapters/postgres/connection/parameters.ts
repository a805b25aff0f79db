import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { wrongSetting } from './wrong-setting.ts';
import { type Keywords, readUrl } from './url.ts';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

const CHANNEL_BINDINGS = ['disable', 'prefer', 'require'] as const;
export type ChannelBinding = (typeof CHANNEL_BINDINGS)[number];

/** `primary` and `read-write` differ only where a primary is set to read only. */
const TARGETS = ['any', 'read-write', 'primary'] as const;
export type Target = (typeof TARGETS)[number];

/** Everything that a connection needs, with the defaults of libpq. */
export interface Parameters {
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly user: string;
  readonly database: string;
  readonly password?: string;
  readonly passwordFile: string;
  readonly target: Target;
  readonly sslMode: SslMode;
  /** `system`: the authorities that Node knows. */
  readonly rootCertificate?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly keyPassword?: string;
  readonly minTls: string;
  readonly directTls: boolean;
  readonly channelBinding: ChannelBinding;
  readonly options?: string;
  readonly applicationName?: string;
  /** Milliseconds for one host. */
  readonly connectTimeout?: number;
}

/** The environment variable of each keyword. */
const VARIABLES: Readonly<Record<string, string | undefined>> = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  passfile: 'PGPASSFILE',
  dbname: 'PGDATABASE',
  options: 'PGOPTIONS',
  application_name: 'PGAPPNAME',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  channel_binding: 'PGCHANNELBINDING',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslpassword: undefined,
  sslnegotiation: 'PGSSLNEGOTIATION',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
};

/** What libpq knows and what changes nothing for us: how lines are kept alive, GSSAPI, compression; and a hint for `pg`. */
const IGNORED = new Set([
  ...[
    'fallback_application_name',
    'client_encoding',
    'load_balance_hosts',
    'tcp_user_timeout',
    'uselibpqcompat',
  ],
  ...['keepalives', 'keepalives_idle', 'keepalives_interval', 'keepalives_count', 'sslcompression', 'sslsni'],
  ...['gssencmode', 'gsslib', 'krbsrvname', 'gssdelegation'],
]);

/** What stands behind a question mark of a password would be taken for a parameter: only what looks like one is named. */
function unsupported(name: string): string {
  const known = name.toLowerCase();
  if (known in VARIABLES || IGNORED.has(known)) return `the parameter "${name}" is written "${known}"`;
  return `the parameter ${/^[a-z_]{1,40}$/.test(name) ? `"${name}" ` : ''}is not supported`;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The URL counts before the environment. Rejects with STORE_MISCONFIGURED, which names what is wrong and no secret. */
export function parametersOf(url: string, environment: Environment = process.env): Parameters {
  const written = readUrl(url);
  for (const name of Object.keys(written)) {
    if (!(name in VARIABLES) && !IGNORED.has(name)) throw wrongSetting(`DATABASE_URL: ${unsupported(name)}`);
  }
  const found: Keywords = { ...fromEnvironment(environment), ...written };
  const home = join(homedir(), '.postgresql');
  const user = found['user'] ?? systemUser();
  const hosts = hostsOf(found);
  const seconds = Number(found['connect_timeout'] ?? 0);
  return {
    hosts,
    user,
    database: found['dbname'] ?? user,
    ...optional('password', found['password']),
    passwordFile: found['passfile'] ?? join(homedir(), '.pgpass'),
    // A process that writes is of no use to a standby.
    target: oneOf('target_session_attrs', TARGETS, found, hosts.length > 1 ? 'read-write' : 'any'),
    sslMode: oneOf('sslmode', SSL_MODES, found, defaultMode(found, hosts)),
    rootCertificate: found['sslrootcert'] ?? join(home, 'root.crt'),
    certificate: found['sslcert'] ?? join(home, 'postgresql.crt'),
    key: found['sslkey'] ?? join(home, 'postgresql.key'),
    ...optional('keyPassword', found['sslpassword']),
    minTls: found['ssl_min_protocol_version'] ?? 'TLSv1.2',
    directTls: found['sslnegotiation'] === 'direct',
    channelBinding: oneOf('channel_binding', CHANNEL_BINDINGS, found, 'prefer'),
    ...optional('options', found['options']),
    ...optional('applicationName', found['application_name']),
    ...(seconds > 0 ? { connectTimeout: Math.max(2, seconds) * 1000 } : {}),
  };
}

/** As libpq, but for a server of this machine: TLS would only cost a connection more there, and is taken where it is demanded. */
function defaultMode(found: Keywords, hosts: Parameters['hosts']): SslMode {
  if (found['sslrootcert'] === 'system') return 'verify-full';
  return hosts.every(({ host }) => LOOPBACK.has(host)) ? 'allow' : 'prefer';
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1']);

function fromEnvironment(environment: Environment): Keywords {
  return Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([name, variable]) => {
      const value = variable === undefined ? undefined : environment[variable];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

/** Without a host libpq takes a socket, in a folder that differs between machines: `localhost` is what they share. */
function hostsOf(found: Keywords): Parameters['hosts'] {
  const hosts = (found['hostaddr'] ?? found['host'] ?? 'localhost').split(',');
  const ports = (found['port'] ?? '').split(',');
  if (ports.length > 1 && ports.length !== hosts.length)
    throw wrongSetting(
      `there are ${hosts.length} hosts and ${ports.length} ports of Postgres: give one port, or one for each`,
    );
  return hosts.map((host, at) => {
    const text = (ports.length === 1 ? ports[0] : ports[at]) ?? '';
    const port = text === '' ? 5432 : Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw wrongSetting('the port of Postgres: expected a whole number from 1 to 65535');
    return { host: host === '' ? 'localhost' : host, port };
  });
}

function oneOf<T extends string>(name: string, known: readonly T[], found: Keywords, otherwise: T): T {
  const text = found[name];
  if (text === undefined) return otherwise;
  const value = known.find((each) => each === text);
  if (value === undefined) throw wrongSetting(`${name}: expected one of ${known.join(', ')}`);
  return value;
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user whom it has no name for.
    return 'postgres';
  }
}

function optional<K extends string>(name: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: string });
}
