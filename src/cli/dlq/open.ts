import type { Plan } from '../../plan/plan.ts';
import { fault } from '../exit.ts';
import { type IMPATIENT, openCommandServers } from '../../runtime/command-servers.ts';
import type { Servers } from '../../runtime/servers.ts';
import { natsSettings } from '../nats-settings.ts';
import type { ServerFlags } from '../server-settings.ts';
import { ledgerSchema, requiredDatabase } from '../settings.ts';

/** Runs `work` over the servers of a pipeline; without `queue` only Postgres is asked. */
export async function withServers<T>(
  plan: Plan,
  flags: ServerFlags,
  queue: boolean,
  work: (servers: Servers) => Promise<T>,
  name = 'nomnom dlq',
  limits: Partial<typeof IMPATIENT> = {},
): Promise<T> {
  const servers = await openCommandServers({
    ...limits,
    databaseUrl: requiredDatabase(flags.databaseUrl),
    ...(queue ? natsSettings(flags.natsUrl) : { natsUrl: undefined }),
    ledgerSchema: ledgerSchema(flags.ledgerSchema),
    level: 'error',
    connections: 3,
    name,
  });
  try {
    if ((await servers.store.ledger.pendingMigrations()).length > 0)
      throw fault(`the database lacks nomnom's own tables: nomnom apply ${plan.file}`);
    return await work(servers);
  } finally {
    await servers.close();
  }
}
