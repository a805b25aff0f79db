import { Command, CommanderError } from 'commander';
import { Failure } from '../ports/failure.ts';
import { endSoon } from '../runtime/end-soon.ts';
import { commands } from './commands/registry.ts';
import { Ended, EXIT } from './exit.ts';
import { processTerminal } from './terminal.ts';
import { version } from '../runtime/version.ts';

const terminal = processTerminal();
const parser = new Command('nomnom')
  .description('A declarative ingestion runtime for Postgres: one checked .nom file from HTTP to rows.')
  .version(version(), '-V, --version')
  .showHelpAfterError('(run with --help for the options)')
  .configureHelp({ sortSubcommands: false })
  .exitOverride();
for (const command of commands) command.register(parser, terminal);
parser.addHelpText(
  'after',
  `
Environment:
  DATABASE_URL  where the tables are, postgres://user:password@host:port/database; PG* as of psql
  NATS_URL      the NATS servers whose JetStream carries the messages; without it Postgres does
  NATS_*        credentials and certificates for them: CREDS, NKEY, USER, PASSWORD, TOKEN, CA, CERT, KEY
  TLS_*         certificate of the HTTP server: CERT, KEY, CLIENT_CA
  PORT          port of the HTTP server, instead of the role's
  LOG_LEVEL     debug, info, warn, error or silent
  NOMNOM_LEDGER_SCHEMA  the schema of nomnom's own tables
  NOMNOM_KEY    the key that send and status send with
  ALLOW_ANONYMOUS, CORS_ORIGINS, RATE_PER_ADDRESS, TRUSTED_PROXIES, JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL,
  JWT_SOURCE_CLAIM
                who may send to a role; see nomnom run --help
A secret may stand in a file: DATABASE_URL_FILE, NATS_URL_FILE, NATS_PASSWORD_FILE, NATS_TOKEN_FILE.

Exit status: 0 done, 1 findings or a failure, 2 wrong use.`,
);

try {
  await parser.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  else if (error instanceof Ended) end(error.message, error.status);
  else if (error instanceof Failure) end(error.message, EXIT.fault);
  else throw error;
}

function end(message: string, status: number): void {
  if (message !== '') terminal.note(`nomnom: ${message}\n`);
  process.exitCode = status;
  endSoon();
}
