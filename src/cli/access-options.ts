import { type Command as Parser, Option } from 'commander';
import type { AccessOptions } from '../runtime/access.ts';
import { usage } from './exit.ts';
import { faultsIn } from './faults-in.ts';
import { setting } from './settings.ts';

export interface AccessFlags {
  readonly allowAnonymous?: true;
  readonly corsOrigin?: readonly string[];
  readonly ratePerAddress?: string;
  readonly connectionsPerAddress?: string;
  readonly trustedProxies?: string;
  readonly jwtIssuer?: string;
  readonly jwtAudience?: string;
  readonly jwtJwksUrl?: string;
  readonly jwtSourceClaim?: string;
}

/** Adds the options that say who may send to a role. */
export function addAccessOptions(parser: Parser): Parser {
  return parser
    .option(
      '--allow-anonymous',
      'let other machines send while the pipeline has no key, or ALLOW_ANONYMOUS=true',
    )
    .addOption(
      new Option(
        '--cors-origin <origin>',
        'a web origin whose pages may send; may be repeated; instead of CORS_ORIGINS, which has commas between them; * for all',
      ).argParser<readonly string[] | undefined>((value, before = []) => [...before, value]),
    )
    .option(
      '--rate-per-address <rate>',
      'messages of one address, such as 100/s, instead of RATE_PER_ADDRESS',
    )
    .option(
      '--connections-per-address <number>',
      'connections that one address may hold, but that of a trusted proxy, instead of CONNECTIONS_PER_ADDRESS (default: half of all)',
    )
    .option(
      '--trusted-proxies <networks>',
      'proxies whose X-Forwarded-For says the address of a sender, such as 10.0.0.0/8,127.0.0.1; instead of TRUSTED_PROXIES',
    )
    .option('--jwt-issuer <issuer>', 'take tokens of this identity provider too, instead of JWT_ISSUER')
    .option('--jwt-audience <audience>', 'the audience that tokens must have, instead of JWT_AUDIENCE')
    .option(
      '--jwt-jwks-url <url>',
      'where the identity provider has its public keys, instead of JWT_JWKS_URL',
    )
    .option(
      '--jwt-source-claim <claim>',
      'the claim that names the sender, instead of JWT_SOURCE_CLAIM (default: sub)',
    );
}

/** Reads them, each from its flag or the environment. */
export function accessOf(flags: AccessFlags): AccessOptions {
  const read = readsOf(flags);
  return {
    allowAnonymous: read.allowAnonymous(),
    origins: read.origins(),
    ratePerAddress: read.ratePerAddress(),
    connectionsPerAddress: read.connectionsPerAddress(),
    trustedProxies: read.trustedProxies(),
    tokens: read.tokens(),
  };
}

/** What is wrong with each of them. */
export function accessFaults(flags: AccessFlags): readonly string[] {
  return faultsIn(Object.values(readsOf(flags)));
}

function readsOf(flags: AccessFlags) {
  const origins = flags.corsOrigin?.join(',');
  return {
    allowAnonymous: () => flags.allowAnonymous ?? setting('ALLOW_ANONYMOUS') ?? false,
    origins: () => setting('CORS_ORIGINS', { name: '--cors-origin', value: origins }) ?? [],
    ratePerAddress: () =>
      setting('RATE_PER_ADDRESS', { name: '--rate-per-address', value: flags.ratePerAddress }),
    connectionsPerAddress: () =>
      setting('CONNECTIONS_PER_ADDRESS', {
        name: '--connections-per-address',
        value: flags.connectionsPerAddress,
      }),
    trustedProxies: () =>
      setting('TRUSTED_PROXIES', { name: '--trusted-proxies', value: flags.trustedProxies }) ?? [],
    tokens: () => tokensOf(flags),
  };
}

function tokensOf(flags: AccessFlags): AccessOptions['tokens'] {
  const issuer = setting('JWT_ISSUER', { name: '--jwt-issuer', value: flags.jwtIssuer });
  const audience = setting('JWT_AUDIENCE', { name: '--jwt-audience', value: flags.jwtAudience });
  const jwksUrl = setting('JWT_JWKS_URL', { name: '--jwt-jwks-url', value: flags.jwtJwksUrl });
  const sourceClaim =
    setting('JWT_SOURCE_CLAIM', { name: '--jwt-source-claim', value: flags.jwtSourceClaim }) ?? 'sub';
  if (issuer === undefined && audience === undefined && jwksUrl === undefined) return undefined;
  if (issuer === undefined || audience === undefined || jwksUrl === undefined)
    throw usage('tokens need all three of JWT_ISSUER, JWT_AUDIENCE and JWT_JWKS_URL');
  return { issuer, audience, jwksUrl, sourceClaim };
}
