import { isIP } from 'node:net';
import { z } from 'zod';
import { usage } from './exit.ts';
import { RATE_FORM, rateOf } from './rate.ts';

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Names of the environment variables; flags with the same meaning come before them. */
const schemas = {
  DATABASE_URL: z
    .string()
    .refine(
      (value) => isUrl(value, ['postgres:', 'postgresql:']),
      'expected postgres://user:password@host:port/database',
    ),
  NATS_URL: z
    .string()
    .refine(
      (value) => value.split(',').every((server) => /^((nats|tls):\/\/)?[^\s/,]+\/?$/.test(server.trim())),
      'expected nats://host:port, or several of these with commas between',
    ),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'expected a whole number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'expected a whole number from 0 to 65535'),
  LOG_LEVEL: z.enum(levels, { error: `expected one of ${levels.join(', ')}` }),
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

/** A setting from its flag or the environment; absent where neither has it. A wrong one ends the command with one line. */
export function setting<N extends Name>(
  name: N,
  flag?: { readonly name: string; readonly value: string | undefined },
): SettingOf<N> | undefined {
  const fromFlag = flag?.value !== undefined;
  const text = fromFlag ? flag.value : process.env[name];
  if (text === undefined || (text === '' && !fromFlag)) return undefined;
  const result = schemas[name].safeParse(text);
  // Each schema is the one of its own name.
  if (result.success) return result.data as SettingOf<N>;
  throw usage(`${fromFlag ? flag.name : name}: ${result.error.issues[0]?.message ?? 'not valid'}`);
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

/** The database, which every command that needs it must be told. */
export function requiredDatabase(flag: string | undefined): string {
  const url = setting('DATABASE_URL', { name: '--database-url', value: flag });
  if (url === undefined)
    throw usage('DATABASE_URL is not set: give the database as postgres://user:password@host:port/database');
  return url;
}
