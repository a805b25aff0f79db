import type { RolePlan } from '../plan/plan.ts';
import type { AskedListen } from '../runtime/where-to-listen.ts';

/** Where a role listens. A worker that was given no port takes a free one, which only this machine can reach. */
export function listenOn({ settings }: RolePlan, { port = settings.port, host, tls }: Wanted): AskedListen {
  const at = port === undefined ? { port: 0, host: host ?? '127.0.0.1' } : { port, host };
  return tls === undefined ? at : { ...at, tls };
}

interface Wanted {
  readonly port: number | undefined;
  readonly host: string | undefined;
  readonly tls: AskedListen['tls'];
}
