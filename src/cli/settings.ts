import { isIP } from 'node:net';
import { z } from 'zod';
import { fileReason } from '../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../files/named-file.ts';
import { usage } from './exit.ts';
import { RATE_FORM, rateOf } from './rate.ts';
import { processTerminal } from './terminal.ts';

export const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const text = z.string();
const file = z.string().min(1, 'expected the path of a file');

/** A server of NATS: credentials only behind a scheme, where a URL has them. */
const NATS_SERVER =
  /^(?:(?:nats|tls):\/\/(?:[^\s/,]*@)?)?(?:\[[0-9a-f:.]+\]|[^\s:,@/[\]]+)(?::\d{1,5})?\/?$/i;

/** A port beyond 65535 would be waited for without end. */
function isNatsServer(text: string): boolean {
  const port = /:(\d{1,5})\/?$/.exec(text)?.[1];
  return NATS_SERVER.test(text) && (port === undefined || (Number(port) >= 1 && Number(port) <= 65_535));
}

/** Names of the environment variables; flags with the same meaning come before them. */
const schemas = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/\S*$/, 'expected postgres://user:password@host:port/database'),
  NATS_URL: z
    .string()
    .refine(
      (value) => value.split(',').every((server) => isNatsServer(server.trim())),
      'expected nats://host:port or tls://host:port, or several of these with commas between; a user and a password need the ' +
        'nats:// or tls:// before them, and a comma in them is written %2C',
    ),
  // As the `nats` command names them.
  NATS_USER: text,
  NATS_PASSWORD: text,
  NATS_TOKEN: text,
  NATS_CREDS: file,
  NATS_NKEY: file,
  NATS_CA: file,
  NATS_CERT: file,
  NATS_KEY: file,
  NATS_TLSFIRST: z
    .enum(['true', 'false', '1', '0'], { error: 'expected true or false' })
    .transform((value) => value === 'true' || value === '1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'expected a whole number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'expected a whole number from 0 to 65535'),
  LOG_LEVEL: z.enum(levels, { error: `expected one of ${levels.join(', ')}` }),
  TLS_CERT: file,
  TLS_KEY: file,
  TLS_CLIENT_CA: file,
  NOMNOM_LEDGER_SCHEMA: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'expected at most 63 small letters, digits and underscores')
    .refine(
      (value) => !/^(?:pg_.*|information_schema)$/.test(value),
      'expected a schema of yours, not one of Postgres itself',
    ),
  ALLOW_ANONYMOUS: z
    .enum(['true', 'false'], { error: 'expected true or false' })
    .transform((value) => value === 'true'),
  CORS_ORIGINS: z
    .string()
    .transform((value) => value.split(',').map((origin) => origin.trim()))
    .refine(
      (origins) => origins.every((origin) => origin === '*' || isOrigin(origin)),
      'expected web origins such as https://shop.example, with commas between, or *',
    ),
  RATE_PER_ADDRESS: z.string().transform((value, context) => {
    const rate = rateOf(value);
    if (rate !== undefined) return rate;
    context.addIssue(RATE_FORM);
    return z.NEVER;
  }),
  CONNECTIONS_PER_ADDRESS: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'expected a whole number from 1')
    .transform(Number),
  TRUSTED_PROXIES: z
    .string()
    .transform((value) => value.split(',').map((network) => network.trim()))
    .refine(
      (networks) => networks.every(isNetwork),
      'expected addresses or networks such as 10.0.0.0/8, with commas between',
    ),
  JWT_ISSUER: z.string(),
  JWT_AUDIENCE: z.string(),
  JWT_JWKS_URL: z
    .string()
    .refine(
      isSafeUrl,
      'expected https://… (http:// only for this machine: who changes the keys can be everybody)',
    ),
  JWT_SOURCE_CLAIM: z.string().regex(/^[\w:/.-]{1,100}$/, 'expected the name of a claim'),
  NOMNOM_KEY: z
    .string()
    .regex(/^[\w.~+/-]+=*$/, 'expected a key, as nomnom keys create prints it, or a token'),
} as const;

type Name = keyof typeof schemas;
type SettingOf<N extends Name> = z.output<(typeof schemas)[N]>;

/** Those that may hold a secret: each may stand in a file, which `NAME_FILE` names. */
const secrets: ReadonlySet<Name> = new Set([
  'DATABASE_URL',
  'NATS_URL',
  'NATS_PASSWORD',
  'NATS_TOKEN',
  'NOMNOM_KEY',
]);

/**
 * A setting from its flag, the environment, or the file that the environment names; absent where none has it. A wrong one
 * ends the command with one line, which does not repeat it.
 */
export function setting<N extends Name>(
  name: N,
  flag?: { readonly name: string; readonly value: string | undefined },
): SettingOf<N> | undefined {
  const found = flag?.value === undefined ? fromEnvironment(name) : { from: flag.name, text: flag.value };
  if (found === undefined) return undefined;
  if (found.from === flag?.name) warnOfPassword(found.from, name, found.text);
  const result = schemas[name].safeParse(found.text);
  // Each schema is the one of its own name.
  if (result.success) return result.data as SettingOf<N>;
  throw usage(`${found.from}: ${result.error.issues[0]?.message ?? 'not valid'}`);
}

function fromEnvironment(name: Name): { readonly from: string; readonly text: string } | undefined {
  const own = process.env[name] ?? '';
  const fileName = `${name}_FILE`;
  const path = secrets.has(name) ? (process.env[fileName] ?? '') : '';
  if (own !== '' && path !== '') throw usage(`${name} and ${fileName} are both set: leave one of them out`);
  if (own !== '') return { from: name, text: own };
  return path === '' ? undefined : { from: fileName, text: secretIn(path, fileName) };
}

/** Editors and `echo` end a file with a line break, which is no part of the secret. */
function secretIn(path: string, from: string): string {
  try {
    return readNamedFile(path, LARGEST.secret)
      .toString('utf8')
      .replace(/\r?\n$/, '');
  } catch (error) {
    throw usage(`${from}: ${path} cannot be read: ${fileReason(error)}`);
  }
}

const warned = new Set<string>();

/** The list of processes shows everybody the flags of a command. */
function warnOfPassword(flag: string, name: Name, value: string): void {
  if (!secrets.has(name) || !hasPassword(value) || warned.has(flag)) return;
  warned.add(flag);
  processTerminal().note(
    `nomnom: warning: ${flag} holds a password, which other users of this machine can see in the list of processes; ` +
      `set ${name} or ${name}_FILE instead\n`,
  );
}

/** Before the @, or as a parameter. In a URL of NATS a user alone is a token. */
function hasPassword(url: string): boolean {
  const credentials = /\/\/([^/?#]*)@/.exec(url)?.[1] ?? '';
  return (
    credentials.includes(':') ||
    (credentials !== '' && !url.startsWith('postgres')) ||
    /[?&](ssl)?password=/.test(url)
  );
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    most > 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  );
}

function isOrigin(text: string): boolean {
  return isUrl(text, ['https:', 'http:']) && new URL(text).origin === text;
}

function isSafeUrl(text: string): boolean {
  if (isUrl(text, ['https:'])) return true;
  return isUrl(text, ['http:']) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(text).hostname);
}

/**
 * The database, which every command that needs it must be told: by DATABASE_URL, or by PG* variables alone, which then
 * say everything.
 */
export function requiredDatabase(flag: string | undefined): string {
  const url = setting('DATABASE_URL', { name: '--database-url', value: flag });
  if (url !== undefined) return url;
  const told = ['PGHOST', 'PGHOSTADDR', 'PGDATABASE'].some((name) => (process.env[name] ?? '') !== '');
  if (told) return 'postgres://';
  throw usage(
    'DATABASE_URL is not set: give the database as postgres://user:password@host:port/database, or by PGHOST and the like',
  );
}

/** The same for every command and role of a database. */
export function ledgerSchema(flag: string | undefined): string | undefined {
  return setting('NOMNOM_LEDGER_SCHEMA', { name: '--ledger-schema', value: flag });
}
