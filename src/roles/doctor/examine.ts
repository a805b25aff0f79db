import type { Plan, RolePlan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import { differenceLine } from '../setup/refusal.ts';
import { verify } from '../setup/verify.ts';
import { type Diagnosis, fail, ok, warn } from './diagnosis.ts';
import { diagnoseFailure, diagnoseServer } from './server.ts';
import { diagnoseSettings, diagnoseStore } from './store.ts';

export interface Patient {
  readonly plan: Plan;
  readonly store: Store;
  /** The queue, or why there is none. */
  readonly queue: Queue | Failure;
  /** Whether messages wait in Postgres. */
  readonly queueHere: boolean;
  /** Connections to Postgres that a role opens. */
  readonly connectionsOf: (role: RolePlan) => number;
  readonly now: () => number;
}

/** Looks at everything that a role needs and changes nothing. What cannot be asked is a diagnosis, and the rest goes on. */
export async function examine(patient: Patient): Promise<readonly Diagnosis[]> {
  const { plan, store, queue, connectionsOf } = patient;
  const ofStore = await told('Postgres', () => diagnoseStore(patient));
  const ofQueue = await told('NATS', async () => {
    if (queue instanceof Failure) throw queue;
    return diagnoseQueue(queue, plan);
  });
  const ofSettings = await told('settings', async () =>
    diagnoseSettings(
      plan,
      {
        maxBody: queue instanceof Failure ? undefined : queue.publisher().maxBody,
        maxConnections: await store.catalog.maxConnections(),
      },
      connectionsOf,
    ),
  );
  const away = [...ofStore, ...ofQueue].some(({ status, area }) => status === 'fail' && area !== 'settings');
  const ofProgram =
    queue instanceof Failure || (away && (await unreachable(store)))
      ? [
          warn(
            'program',
            `whether the servers agree with ${plan.file} cannot be told now`,
            'Repair what fails, and ask again.',
          ),
        ]
      : await told('program', () => diagnoseProgram(store, queue, plan));
  return [
    ok('program', `${plan.file} passes the check`),
    ...ofStore,
    ...ofQueue,
    ...ofSettings,
    ...ofProgram,
  ];
}

async function diagnoseQueue(queue: Queue, plan: Plan): Promise<readonly Diagnosis[]> {
  const facts = await queue.facts(plan);
  const found: Diagnosis[] =
    facts === undefined
      ? [ok('queue', 'messages wait in Postgres')]
      : [...diagnoseServer('NATS', facts, 'Write tls:// into NATS_URL, and set NATS_CA: see docs/tls.md.')];
  return found;
}

async function diagnoseProgram(store: Store, queue: Queue, plan: Plan): Promise<readonly Diagnosis[]> {
  const differences = await verify(store, queue, plan);
  const found: Diagnosis[] = differences.map((difference) => {
    const line = differenceLine(difference).trim();
    if (difference.tolerable === true) return warn('program', line, `${plan.file} works with it.`);
    return fail(
      'program',
      line,
      difference.fixable
        ? `nomnom apply ${plan.file}`
        : `Change the server or ${plan.file}: a change could lose data.`,
    );
  });
  if (found.some(({ status }) => status === 'fail')) return found;
  const obstacle = await queue.obstacle(plan);
  if (obstacle !== undefined)
    found.push(fail('program', obstacle, `Look at the stream; ingest answers 503 meanwhile.`));
  // A statement can only be proven on tables that are there.
  for (const refused of await store.writer.prove(plan.tables)) {
    const line = differenceLine(refused).trim();
    found.push(
      refused.found.includes('permission denied')
        ? warn(
            'privileges',
            line,
            'Grant what docs/privileges.md lists, unless another user runs the worker.',
          )
        : fail('program', line, `Change the table or ${plan.file}: a worker would not start.`),
    );
  }
  return found.length > 0 ? found : [ok('program', `tables, streams and consumers agree with ${plan.file}`)];
}

async function told(area: string, ask: () => Promise<readonly Diagnosis[]>): Promise<readonly Diagnosis[]> {
  try {
    return await ask();
  } catch (error) {
    return [diagnoseFailure(area, error)];
  }
}

async function unreachable({ catalog }: Store): Promise<boolean> {
  try {
    await catalog.maxConnections();
    return false;
  } catch {
    return true;
  }
}
