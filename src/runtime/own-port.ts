import type { RolePlan } from '../plan/plan.ts';
import { proveListen } from '../http/prove-listen.ts';
import { Failure } from '../ports/failure.ts';
import type { RunningRole } from './role.ts';

/** The highest number of a TCP port. */
const LAST_PORT = 65_535;

interface Beside {
  /** The port that the first role which accepts messages is asked to listen on. */
  readonly port: number | undefined;
  /** The roles that this process runs already. */
  readonly running: readonly (RunningRole & { readonly role: RolePlan })[];
  /** Rejects with PORT_IN_USE where somebody listens on it. */
  readonly start: (role: RolePlan, port: number) => Promise<RunningRole>;
}

/**
 * Starts a role in a process that runs others, each on a port of its own. Roles that run apart may have the same port. Here the first of
 * them has it, and each other takes the next free one. Rejects with PORT_IN_USE where another process has the port.
 */
export async function startBeside(role: RolePlan, { port, running, start }: Beside): Promise<RunningRole> {
  let wanted = wantedPort(role, port);
  const own = new Set(running.map(({ address }) => Number(new URL(address).port)));
  if (wanted === 0 || !own.has(wanted)) return start(role, wanted);
  while (wanted < LAST_PORT) {
    wanted += 1;
    if (own.has(wanted)) continue;
    try {
      return await start(role, wanted);
    } catch (error) {
      if (!(error instanceof Failure && error.code === 'PORT_IN_USE')) throw error;
    }
  }
  return start(role, 0);
}

/** 0 where any will do. `port` is for roles that accept messages, instead of their setting. */
function wantedPort({ publishes, settings }: RolePlan, port: number | undefined): number {
  return (publishes.length > 0 ? port : undefined) ?? settings.port ?? 0;
}

/** Rejects as `startBeside` would for one of the roles, before anything else of the process has been started. */
export async function proveOwnPorts(
  roles: readonly RolePlan[],
  port: number | undefined,
  host: string,
): Promise<void> {
  const wanted = new Set(roles.map((role) => wantedPort(role, port)));
  for (const each of wanted) if (each !== 0) await proveListen({ port: each, host });
}
