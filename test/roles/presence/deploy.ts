import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import type { Plan, RolePlan } from '../../../src/plan/plan.ts';
import { Failure } from '../../../src/ports/failure.ts';
import type { Queue } from '../../../src/ports/queue.ts';
import type { PostgresStore } from '../../../src/adapters/postgres/store.ts';
import { applyTables } from '../../../src/roles/setup/apply-tables.ts';
import { prove } from '../../../src/runtime/prove.ts';
import { type RunningRole, startRole } from '../../../src/runtime/role.ts';
import { memoryLog } from '../../support/memory-log.ts';
import { planOf } from '../../support/plan.ts';
import { until } from '../../support/until.ts';
import { type Change, type Sent, versionOf } from './versions.ts';

export const STEPS = ['apply', 'ingest', 'worker'] as const;
export type Step = (typeof STEPS)[number];

/** Servers that all deploys of one test share. */
export interface Shared {
  readonly store: PostgresStore;
  readonly queue: Queue;
}

/** What became of one deploy. */
export interface Deployed {
  /** Statuses by the kind of message. */
  readonly outcomes: readonly {
    readonly kind: 'fits' | 'unfit';
    readonly status: string;
    readonly code: string;
  }[];
  readonly log: ReturnType<typeof memoryLog>;
}

/**
 * Deploys the second version beside the running first one, step by step in this order, with messages to every ingest
 * that runs after each step. A step that is refused waits for what the refusal names. At the end the first version stops,
 * and everything that was accepted comes to rest.
 */
export async function deploy(
  { store, queue }: Shared,
  change: Change,
  order: readonly Step[],
): Promise<Deployed> {
  const id = randomBytes(5).toString('hex');
  const log = memoryLog();
  const before = planOf(versionOf(change.before, id));
  const after = planOf(versionOf(change.after, id));
  const kinds = new Map<string, 'fits' | 'unfit'>();
  const running: RunningRole[] = [];

  const apply = async (plan: Plan): Promise<boolean> => {
    try {
      await applyTables(store, plan);
    } catch (error) {
      if (error instanceof Failure && error.code === 'STILL_RUNNING') return false;
      throw error;
    }
    await queue.apply(plan);
    return true;
  };
  /** As `run` does it; undefined where the servers are not what the role needs. */
  const start = async (plan: Plan, name: 'ingest' | 'worker'): Promise<RunningRole | undefined> => {
    const role = roleOf(plan, name);
    try {
      const started = await startRole({
        plan,
        role,
        queue,
        store,
        clock: systemClock,
        log,
        listen: { port: 0, host: '127.0.0.1' },
        prove: () => prove({ servers: { store, queue }, plan, role, connections: 4, log }),
      });
      running.push(started);
      return started;
    } catch (error) {
      if (error instanceof Failure && !error.retryable) return undefined;
      throw error;
    }
  };
  const send = async (to: RunningRole | undefined, messages: readonly Sent[], kind: 'fits' | 'unfit') => {
    for (const { entity, body } of to === undefined ? [] : messages)
      kinds.set(await post(to, entity, body), kind);
  };

  try {
    await apply(before);
    const old = { ingest: await start(before, 'ingest'), worker: await start(before, 'worker') };
    const young: { ingest?: RunningRole | undefined; worker?: RunningRole | undefined; applied?: boolean } =
      {};
    const sendAll = async (): Promise<void> => {
      await send(old.ingest, change.old.fit, 'fits');
      await send(old.ingest, change.old.unfit, 'unfit');
      await send(young.ingest, change.young, 'fits');
    };
    const step = async (which: Step): Promise<void> => {
      if (which === 'apply') {
        if (change.byHand !== undefined) await store.sql.query({ text: change.byHand.replaceAll('ID', id) });
        young.applied ||= await apply(after);
      } else young[which] ??= await start(after, which);
    };
    await sendAll();
    for (const which of order) {
      await step(which);
      await sendAll();
    }
    await old.worker?.stop();
    await sendAll();
    await old.ingest?.stop();
    // What was refused until now: `apply` may need the old ones gone, and the new ones need `apply`.
    for (const which of STEPS) await step(which);
    await send(young.ingest, change.young, 'fits');
    if (young.ingest === undefined || young.worker === undefined)
      throw new Error('the new version does not start');
    const rows = await atRest(store, [...kinds.keys()]);
    return {
      log,
      outcomes: [...rows].map(([messageId, { status, code }]) => ({
        kind: kinds.get(messageId) ?? 'fits',
        status,
        code,
      })),
    };
  } finally {
    await Promise.all(running.map((role) => role.stop()));
  }
}

function roleOf(plan: Plan, name: string): RolePlan {
  const role = plan.roles.find((each) => each.name === name);
  if (role === undefined) throw new Error(`no role ${name}`);
  return role;
}

/** Until it is accepted: a machine with much to do answers 503 meanwhile. */
async function post(to: RunningRole | undefined, entity: string, body: object): Promise<string> {
  for (;;) {
    const response = await fetch(`${to?.address}/ingest/${entity}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    const answer = (await response.json()) as { readonly message_id: string };
    if (response.status === 202) return answer.message_id;
    if (response.status !== 503) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
    await sleep(100);
  }
}

const READ = `
SELECT message_id, status, coalesce(error ->> 'code', '') AS code FROM message_status WHERE message_id = ANY ($1::uuid[])`;

async function atRest(
  store: PostgresStore,
  ids: readonly string[],
): Promise<ReadonlyMap<string, { readonly status: string; readonly code: string }>> {
  let found = new Map<string, { readonly status: string; readonly code: string }>();
  const isFinal = ({ status }: { readonly status: string }): boolean =>
    ['completed', 'superseded', 'dlq'].includes(status);
  await until(
    'every accepted message has its final status',
    async () => {
      const { rows } = await store.sql.query({ text: READ, values: [ids] });
      found = new Map(
        rows.map((row) => [
          String(row['message_id']),
          { status: String(row['status']), code: String(row['code']) },
        ]),
      );
      return found.size === ids.length && [...found.values()].every(isFinal);
    },
    { within: 60_000, every: 100 },
  ).catch((error: unknown) => {
    const open = [...found.values()].filter((each) => !isFinal(each));
    throw new Error(`${ids.length} accepted, ${found.size} known, open: ${JSON.stringify(open)}`, {
      cause: error,
    });
  });
  return found;
}
