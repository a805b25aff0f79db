import { Option } from 'commander';

/** Options that several commands share, said the same way everywhere. */
export const quietOption = (): Option => new Option('-q, --quiet', 'print nothing but the result');
export const jsonOption = (what: string): Option => new Option('--json', `print ${what} as JSON`);
export const databaseOption = (): Option =>
  new Option('--database-url <url>', 'the database, instead of DATABASE_URL');
export const natsOption = (): Option =>
  new Option('--nats-url <url>', 'the NATS servers, instead of NATS_URL');
export const ledgerSchemaOption = (): Option =>
  new Option(
    '--ledger-schema <name>',
    "the schema of nomnom's own tables, instead of NOMNOM_LEDGER_SCHEMA; the same for every command and role",
  );
export const logLevelOption = (): Option =>
  new Option('--log-level <level>', 'debug, info, warn, error or silent, instead of LOG_LEVEL');
export const rootOption = (): Option =>
  new Option(
    '--root <folder>',
    'the folder that files of the program must be in, instead of the folder of the .nom file',
  );
export const yesOption = (): Option =>
  new Option('-y, --yes', 'do not ask; needed where nobody can be asked, as in a script');
/** Of every command. */
export const noColorOption = (): Option =>
  new Option(
    '--no-color',
    'print no colors, as with NO_COLOR or TERM=dumb; FORCE_COLOR prints them also where no terminal is',
  );
