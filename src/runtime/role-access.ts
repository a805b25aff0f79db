import type { Listen } from '../http/server.ts';
import type { Plan, RolePlan } from '../plan/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type Access, type AccessOptions, openAccess } from './access.ts';
import type { AskedListen } from './where-to-listen.ts';

export interface RoleAccessOptions {
  readonly plan: Plan;
  readonly role: RolePlan;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly listen: AskedListen;
  readonly access?: AccessOptions;
  readonly signal?: AbortSignal;
}

export interface RoleAccess {
  /** Who may send; a role that accepts nothing serves its health only, which everybody may read. */
  readonly access: Access | undefined;
  readonly listen: Listen;
}

/** Who may send to a role, and where it listens therefore. Rejects with NO_KEYS as `openAccess` does. */
export async function roleAccess(options: RoleAccessOptions, telemetry: Telemetry): Promise<RoleAccess> {
  const { plan, role, store, clock, log, signal, access: asked = {}, listen } = options;
  if (role.publishes.length === 0)
    return { access: undefined, listen: { ...listen, host: listen.host ?? '0.0.0.0' } };
  const signed = plan.entities.every(({ signature }) => signature !== undefined);
  const access = await openAccess(asked, listen, {
    pipeline: plan.pipeline,
    store,
    clock,
    log,
    telemetry,
    signed,
    signal,
  });
  return { access, listen: access.listen };
}
