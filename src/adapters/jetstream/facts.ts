import type { JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Plan } from '../../plan/plan.ts';
import type { ServerFacts, Stored } from '../../ports/server-facts.ts';
import { apiFailure, unlessMissing } from './api-failure.ts';
import { shortcomingOf } from './old-server.ts';

export async function factsOf(
  connection: NatsConnection,
  manager: JetStreamManager,
  plan: Plan,
): Promise<ServerFacts> {
  const { info } = connection;
  const account = await manager.getAccountInfo().catch((error: unknown) => {
    throw apiFailure(error, 'asking for the account');
  });
  const stores: Stored[] = [
    {
      name: 'the JetStream account',
      bytes: account.storage,
      limit: limitOf(account.limits.max_storage),
      durable: true,
    },
  ];
  let clockAhead: number | undefined;
  for (const { name } of plan.streams) {
    const asked = Date.now();
    const found = await unlessMissing(manager.streams.info(name), `stream ${name}`);
    if (found === undefined) continue;
    const { config, state, ts } = found;
    const told = Date.parse(String(ts));
    if (!Number.isNaN(told)) clockAhead = told - (asked + Date.now()) / 2;
    stores.push({
      name: `stream ${name}`,
      bytes: state.bytes,
      limit: limitOf(config.max_bytes),
      durable: config.storage === 'file',
    });
  }
  const host = connection.getServer().replace(/:\d+$/, '');
  const outdated = info === undefined ? undefined : shortcomingOf(info.version, plan);
  return {
    ...(outdated === undefined ? {} : { outdated }),
    version: `nats-server ${info?.version ?? 'of an unknown version'}`,
    // The driver takes TLS wherever the server has it.
    encrypted: info?.tls_required === true || info?.tls_available === true,
    local: /^(localhost|127\.|::1|\[::1\])/.test(host),
    clockAhead,
    stores,
  };
}

function limitOf(bytes: number): number | undefined {
  return bytes > 0 ? bytes : undefined;
}
