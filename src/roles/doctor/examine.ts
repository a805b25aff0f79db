import type { Plan, RolePlan } from '../../plan/plan.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import { differenceLine } from '../setup/refusal.ts';
import { verify } from '../setup/verify.ts';
import { type Diagnosis, doing, fail, lacks, ok, warn } from './diagnosis.ts';
import { diagnoseMessages } from './messages.ts';
import { diagnoseFailure, diagnoseServer } from './server.ts';
import { diagnoseSettings, diagnoseStore, kindsOf } from './store.ts';

/** A server that cannot even be asked, and what is told of that. */
export interface Absent {
  readonly absent: readonly Diagnosis[];
}

export interface Patient {
  readonly plan: Plan;
  /** The role whose user this has to be; undefined where nobody says. */
  readonly role: RolePlan | undefined;
  readonly store: Store | Absent;
  readonly queue: Queue | Absent;
  /** Whether messages wait in Postgres. */
  readonly queueHere: boolean;
  /** Connections to Postgres that a role opens. */
  readonly connectionsOf: (role: RolePlan) => number;
  readonly now: () => number;
}

/** Looks at everything that a role needs and changes nothing. What cannot be asked is a diagnosis, and the rest goes on. */
export async function examine(patient: Patient): Promise<readonly Diagnosis[]> {
  const { plan, store, queue } = patient;
  const ofStore =
    'absent' in store ? store.absent : await told('Postgres', () => diagnoseStore({ ...patient, store }));
  const ofQueue = 'absent' in queue ? queue.absent : await told('NATS', () => diagnoseQueue(queue, patient));
  const storeAnswers = ofStore[0]?.status !== 'fail';
  const ofSettings = await told('settings', () => settingsOf(patient, storeAnswers));
  const ofProgram =
    'absent' in queue || 'absent' in store || !storeAnswers || ofQueue[0]?.status === 'fail'
      ? [
          warn(
            'program',
            `whether the servers agree with ${plan.file} cannot be told now`,
            'Repair what fails, and ask again.',
          ),
        ]
      : await told('program', () => diagnoseProgram(store, queue, patient));
  const found = [
    ok('program', `${plan.file} passes the check`),
    ...ofStore,
    ...ofQueue,
    ...ofSettings,
    ...ofProgram,
  ];
  return [...found, ...runsNothing(patient, found)];
}

async function settingsOf(
  { plan, store, queue, connectionsOf }: Patient,
  storeAnswers: boolean,
): Promise<readonly Diagnosis[]> {
  const around = {
    maxBody: 'absent' in queue ? undefined : queue.publisher().maxBody,
    maxConnections: storeAnswers && !('absent' in store) ? await store.catalog.maxConnections() : undefined,
  };
  return diagnoseSettings(plan, around, connectionsOf);
}

const RAISE =
  'Raise `max_payload` in the configuration of each NATS server and reload it; ingest answers 503 until then, and goes on by itself.';

async function diagnoseQueue(queue: Queue, { plan, role }: Patient): Promise<readonly Diagnosis[]> {
  const facts = await queue.facts(plan);
  if (facts === undefined) return [ok('queue', 'messages wait in Postgres')];
  const found = diagnoseServer(
    'NATS',
    facts,
    'Write tls:// into NATS_URL, and set NATS_CA: see docs/tls.md.',
  );
  const tooLow = kindsOf(plan, role).includes('ingest') ? queue.publisher().tooLow?.() : undefined;
  return tooLow === undefined ? found : [...found, fail('NATS', tooLow, RAISE)];
}

async function diagnoseProgram(
  store: Store,
  queue: Queue,
  { plan, role }: Patient,
): Promise<readonly Diagnosis[]> {
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
  const needsTables = kindsOf(plan, role).includes('worker');
  // A statement can only be proven on tables that are there.
  for (const refused of needsTables ? await store.writer.prove(plan.tables) : []) {
    const line = differenceLine(refused).trim();
    found.push(
      refused.forbidden === true
        ? lacks('worker', line, role !== undefined)
        : fail('program', line, `Change the table or ${plan.file}: a worker would not start.`),
    );
  }
  if (found.length === 0) found.push(ok('program', `tables, streams and consumers agree with ${plan.file}`));
  return [...found, ...(await diagnoseRights(queue, plan, role)), ...(await diagnoseMessages(store, plan))];
}

/** What a server of its own for the queue lets this user do. */
async function diagnoseRights(
  queue: Queue,
  plan: Plan,
  role: RolePlan | undefined,
): Promise<readonly Diagnosis[]> {
  const found: Diagnosis[] = [];
  for (const kind of kindsOf(plan, role)) {
    const lacking = await queue.lackingRights(plan, kind);
    if (lacking.length > 0)
      found.push(
        lacks(
          kind,
          `the queue does not let this user run a role that ${doing(kind)}: ${lacking.join(', ')}`,
          role !== undefined,
        ),
      );
  }
  return found;
}

/** Another user may run one role or the other, but one that can run none of them is of no use. */
function runsNothing({ plan, role }: Patient, found: readonly Diagnosis[]): readonly Diagnosis[] {
  const kinds = kindsOf(plan, role);
  const isBlocked = kinds.every((kind) => found.some(({ blocks }) => blocks === kind));
  if (role !== undefined || kinds.length === 0 || !isBlocked) return [];
  return [
    fail(
      'privileges',
      `this user can run no role of ${plan.file}`,
      'Ask as the user of a role, with --role=NAME, or grant what is missing.',
    ),
  ];
}

async function told(area: string, ask: () => Promise<readonly Diagnosis[]>): Promise<readonly Diagnosis[]> {
  try {
    return await ask();
  } catch (error) {
    return [diagnoseFailure(area, error)];
  }
}
