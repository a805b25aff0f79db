import { openJetStreamQueue } from '../adapters/jetstream/queue.ts';
import { pinoLog } from '../adapters/pino-log.ts';
import type { Plan } from '../plan/plan.ts';
import { Failure } from '../ports/failure.ts';
import type { Queue } from '../ports/queue.ts';
import { type Diagnosis, unusable } from '../roles/doctor/diagnosis.ts';
import { type Absent, examine } from '../roles/doctor/examine.ts';
import { diagnoseFailure } from '../roles/doctor/server.ts';
import { IMPATIENT, openCommandServers } from './command-servers.ts';
import { examineStart, type Start } from './examine-start.ts';
import { examineTelemetry } from './examine-telemetry.ts';
import { connectionsOf } from './role.ts';
import type { NatsAccess, Servers } from './servers.ts';

/** What is wrong with settings, a line each. */
export interface Faults {
  readonly faults: readonly string[];
}

export interface DoctorOptions {
  readonly plan: Plan;
  /** The role whose user and process this has to be. */
  readonly start?: Start | undefined;
  readonly database: { readonly url: string; readonly ledgerSchema: string | undefined } | Faults;
  /** Without a URL messages wait in Postgres. */
  readonly nats: { readonly natsUrl: string | undefined; readonly natsAccess: NatsAccess } | Faults;
}

/** Examines the servers of a plan, also where one of them is away, or where it is cannot be known. */
export async function runDoctor({
  plan,
  start,
  database,
  nats,
}: DoctorOptions): Promise<readonly Diagnosis[]> {
  const postgres = await opened('Postgres', database, openPostgres);
  // Each by itself: NATS may be what is away.
  const queueHere = !('faults' in nats) && nats.natsUrl === undefined;
  const away = queueHere ? undefined : await opened('NATS', nats, openNats);
  try {
    const store = 'absent' in postgres ? postgres : postgres.store;
    // Why Postgres is not there is told once.
    const queue = away ?? ('absent' in postgres ? { absent: [] } : postgres.queue);
    const found = await examine({
      plan,
      role: start?.role,
      store,
      queue,
      queueHere,
      connectionsOf,
      now: Date.now,
    });
    const ofTelemetry = await examineTelemetry(process.env);
    if (start === undefined) return [...found, ...ofTelemetry];
    const ofStart = await examineStart(plan, start, 'absent' in store ? undefined : store);
    return [...found, ...ofTelemetry, ...ofStart];
  } finally {
    if (away !== undefined && !('absent' in away)) await away.close();
    if (!('absent' in postgres)) await postgres.close();
  }
}

const NAME = 'nomnom doctor';

function openPostgres({ url, ledgerSchema }: Exclude<DoctorOptions['database'], Faults>): Promise<Servers> {
  const where = { databaseUrl: url, ledgerSchema, natsUrl: undefined };
  return openCommandServers({ ...IMPATIENT, ...where, level: 'silent', connections: 2, name: NAME });
}

function openNats({ natsUrl = '', natsAccess }: Exclude<DoctorOptions['nats'], Faults>): Promise<Queue> {
  const { connectTimeout } = IMPATIENT;
  return openJetStreamQueue({
    url: natsUrl,
    access: natsAccess,
    log: pinoLog({ level: 'silent' }),
    name: NAME,
    connectTimeout,
  });
}

/** The server, or what is told where there is none. */
async function opened<T extends object, Server extends object>(
  area: string,
  settings: T | Faults,
  openWith: (settings: T) => Promise<Server>,
): Promise<Server | Absent> {
  if ('faults' in settings) return { absent: settings.faults.map((fault) => unusable(area, fault)) };
  try {
    return await openWith(settings);
  } catch (error) {
    if (error instanceof Failure) return { absent: [diagnoseFailure(area, error)] };
    throw error;
  }
}
