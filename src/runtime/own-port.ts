import type { RolePlan } from '../plan/plan.ts';
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
  const accepts = role.publishes.length > 0;
  let wanted = (accepts ? port : undefined) ?? role.settings.port ?? 0;
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
