import { Command } from 'commander';
import { noColorOption } from './options.ts';

/** The parser of the command line, before any command has added itself. */
export function programParser(version: string): Command {
  return new Command('nomnom')
    .description('A declarative ingestion runtime for Postgres: one checked .nom file from HTTP to rows.')
    .version(version, '-V, --version')
    .addOption(noColorOption())
    .showHelpAfterError('(run with --help for the options)')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: true })
    .exitOverride()
    .addHelpText('after', AFTER);
}

const AFTER = `
Environment:
  DATABASE_URL  where the tables are, postgres://user:password@host:port/database; PG* as of psql
  NATS_URL      the NATS servers whose JetStream carries the messages; without it Postgres does
  NATS_*        credentials and certificates for them: CREDS, NKEY, USER, PASSWORD, TOKEN, CA, CERT, KEY
  TLS_*         certificate of the HTTP server: CERT, KEY, CLIENT_CA
  PORT          port of the HTTP server, instead of the role's
  NO_COLOR, FORCE_COLOR  no colors, as --no-color; colors also where no terminal is
  LOG_LEVEL     debug, info, warn, error or silent
  NOMNOM_LEDGER_SCHEMA  the schema of nomnom's own tables
  NOMNOM_KEY    the key that send and status send with
  ALLOW_ANONYMOUS, CORS_ORIGINS, RATE_PER_ADDRESS, CONNECTIONS_PER_ADDRESS, TRUSTED_PROXIES, JWT_ISSUER, JWT_AUDIENCE,
  JWT_JWKS_URL, JWT_SOURCE_CLAIM
                who may send to a role; see nomnom run --help
A secret may stand in a file: DATABASE_URL_FILE, NATS_URL_FILE, NATS_PASSWORD_FILE, NATS_TOKEN_FILE.

Exit status: 0 done, 1 findings or a failure, 2 wrong use.`;
