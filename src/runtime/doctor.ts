import type { Plan } from '../plan/plan.ts';
import { Failure } from '../ports/failure.ts';
import type { Diagnosis } from '../roles/doctor/diagnosis.ts';
import { examine } from '../roles/doctor/examine.ts';
import { IMPATIENT, openCommandServers } from './command-servers.ts';
import { examineStart, type Start } from './examine-start.ts';
import { connectionsOf } from './role.ts';
import type { ServerOptions } from './servers.ts';

export interface DoctorOptions extends Pick<
  ServerOptions,
  'databaseUrl' | 'natsUrl' | 'natsAccess' | 'ledgerSchema'
> {
  readonly plan: Plan;
  /** The role whose user and process this has to be. */
  readonly start?: Start | undefined;
}

/** Examines the servers of a plan, also where one of them is away. */
export async function runDoctor({
  plan,
  start,
  natsUrl,
  ...options
}: DoctorOptions): Promise<readonly Diagnosis[]> {
  const common = {
    ...options,
    ...IMPATIENT,
    level: 'silent',
    connections: 2,
    name: 'nomnom doctor',
  } as const;
  // Each by itself: NATS may be what is away.
  const postgres = await openCommandServers({ ...common, natsUrl: undefined });
  const nats =
    natsUrl === undefined ? undefined : await openCommandServers({ ...common, natsUrl }).catch(failed);
  try {
    const found = await examine({
      plan,
      role: start?.role,
      store: postgres.store,
      queue: nats instanceof Failure ? nats : (nats ?? postgres).queue,
      queueHere: natsUrl === undefined,
      connectionsOf,
      now: Date.now,
    });
    return start === undefined ? found : [...found, ...(await examineStart(plan, start, postgres.store))];
  } finally {
    if (nats !== undefined && !(nats instanceof Failure)) await nats.close();
    await postgres.close();
  }
}

function failed(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
