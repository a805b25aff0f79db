import { type NatsSettings, natsSettings } from './nats-settings.ts';
import { ledgerSchema, requiredDatabase } from './settings.ts';

/** The flags of a command that works with Postgres and the queue. */
export interface ServerFlags {
  readonly databaseUrl?: string;
  readonly natsUrl?: string;
  readonly ledgerSchema?: string;
}

export interface ServerSettings extends NatsSettings {
  readonly databaseUrl: string;
  readonly ledgerSchema: string | undefined;
}

/** Where the servers are, from flags and environment. */
export function serverSettings(flags: ServerFlags): ServerSettings {
  return {
    databaseUrl: requiredDatabase(flags.databaseUrl),
    ...natsSettings(flags.natsUrl),
    ledgerSchema: ledgerSchema(flags.ledgerSchema),
  };
}
