import { pinoLog } from '../adapters/pino-log.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Plan, RolePlan } from '../plan/plan.ts';
import type { Log } from '../ports/log.ts';
import type { SecretValues } from '../ports/secrets.ts';
import type { AccessOptions } from './access.ts';
import { fitServer } from './fit-server.ts';
import { startProcessTelemetry } from './process-telemetry.ts';
import { prove } from './prove.ts';
import { connectionsOf, startRole } from './role.ts';
import { openSecrets } from './secrets.ts';
import { type NatsAccess, openServers } from './servers.ts';
import { endAtLatest, endSoon } from './end-soon.ts';
import { ignoreSignals } from './harmless-signals.ts';
import { stopSignal } from './stop-signal.ts';
import type { AskedListen } from './where-to-listen.ts';

export interface RunOptions {
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly databaseUrl: string;
  readonly natsUrl: string | undefined;
  readonly natsAccess: NatsAccess;
  readonly ledgerSchema: string | undefined;
  readonly level: string;
  readonly listen: AskedListen;
  readonly access: AccessOptions;
}

/**
 * Runs one role until a signal ends it: servers → proof → role → stop. Resolves with the error where a server was lost for
 * good. Rejects with a `Failure` where the role cannot start, or ended by a fault of its own.
 */
export async function runRole(options: RunOptions): Promise<Error | undefined> {
  const { plan, role, level } = options;
  const log = pinoLog({ level, fields: { pipeline: plan.pipeline, role: role.name } });
  ignoreSignals(log);
  const secrets = await openSecrets({ plan, roles: [role], clock: systemClock, log });
  try {
    return await runWith(options, log, secrets.values);
  } finally {
    secrets.stop();
  }
}

async function runWith(options: RunOptions, log: Log, secrets: SecretValues): Promise<Error | undefined> {
  const { plan, role, databaseUrl, natsUrl, natsAccess, ledgerSchema, listen, access } = options;
  const name = `nomnom ${plan.pipeline} ${role.name}`;
  const asked = new AbortController();
  const stopping = stopSignal().then((signal) => {
    asked.abort();
    endAtLatest(log);
    return signal;
  });
  const connections = connectionsOf(role);
  const telemetry = await startProcessTelemetry(plan, log);
  const opening = openServers({
    databaseUrl,
    natsUrl,
    natsAccess,
    ledgerSchema,
    log,
    connections,
    name,
    waits: true,
    telemetry,
  });
  const servers = await Promise.race([opening, stopping.then(() => undefined)]);
  if (servers === undefined) {
    opening.then((late) => late.close()).catch(() => {});
    endSoon();
    return undefined;
  }
  const { store, queue } = servers;
  try {
    const running = await startRole({
      plan,
      role,
      store,
      queue,
      clock: systemClock,
      log,
      process: telemetry,
      listen,
      secrets,
      access,
      signal: asked.signal,
      async prove() {
        await fitServer(store, log);
        await prove({ servers, plan, role, connections, log });
      },
    });
    let end: string | Error;
    try {
      end = await Promise.race([stopping, servers.lost, running.ended.then(() => 'ended' as const)]);
      log.info({ reason: end instanceof Error ? end.message : end }, 'stopping');
    } finally {
      // Also where the role ended by a fault: it may still serve HTTP.
      await running.stop();
    }
    return end instanceof Error ? end : undefined;
  } finally {
    await Promise.all([servers.close(), telemetry.stop()]);
    endSoon();
  }
}
