import type { Plan } from '../../plan/plan.ts';
import type { Backlog } from '../../ports/backlog.ts';
import type { DeadLetterCount } from '../../ports/dead-letters.ts';
import { Failure } from '../../ports/failure.ts';
import type { LostMessages, LostOfEntity } from '../../ports/lost-messages.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Store } from '../../ports/store.ts';
import { LEASE } from '../presence/presence.ts';

/** A pipeline at a glance. */
export interface Overview {
  readonly pipeline: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly queue:
    | { readonly kind: 'known'; readonly streams: readonly Backlog[] }
    /** The queue cannot tell now, or lacks a stream. */
    | { readonly kind: 'unknown'; readonly reason: string };
  /** The open ones, the most first. */
  readonly deadLetters: readonly DeadLetterCount[];
  /** Messages that the queue no longer has, by entity. */
  readonly lost:
    | { readonly kind: 'known'; readonly entities: readonly LostOfEntity[] }
    /** This user may not ask, or there are too many to count them now. */
    | { readonly kind: 'unknown'; readonly reason: string };
  /** One for each role and program that runs, and one for each role of the file that does not. */
  readonly roles: readonly RunningProgram[];
}

export interface RunningProgram {
  readonly role: string;
  readonly processes: number;
  /** Undefined where none runs. */
  readonly program?: RunningProgramFacts;
}

interface RunningProgramFacts {
  readonly fingerprint: string;
  /** Of the file at hand, of another one that was activated, or of one that nobody activated. */
  readonly standing: 'this file' | 'active' | 'older' | 'unknown';
  /** Milliseconds since the one that has been silent longest was heard of. */
  readonly silentFor: number;
  /** What its processes wait for. */
  readonly waits: readonly string[];
}

/** Asks queue and ledger; `at` is now, in milliseconds since the epoch. Rejects with a `Failure` where Postgres cannot be asked. */
export async function overview(plan: Plan, store: Store, queue: Queue, at: number): Promise<Overview> {
  const { pipeline } = plan;
  const { deadLetters, lost, processes, programs } = store.ledger;
  const [waiting, dead, gone, live, known] = await Promise.all([
    askQueue(plan, queue),
    deadLetters.countByCode(pipeline),
    askLost(pipeline, lost),
    processes.live(pipeline),
    programs.read(pipeline, 0),
  ]);
  const newest = known.reduce<number>((most, { number }) => Math.max(most, number), 0);
  const standingOf = (fingerprint: string): RunningProgramFacts['standing'] => {
    if (fingerprint === plan.program) return 'this file';
    const activated = known.filter((each) => each.fingerprint === fingerprint);
    if (activated.length === 0) return 'unknown';
    return activated.some(({ number }) => number === newest) ? 'active' : 'older';
  };
  const running = live.map(({ role, program, count, left, waits }) => ({
    role,
    processes: count,
    program: {
      fingerprint: program,
      standing: standingOf(program),
      silentFor: Math.max(0, LEASE - left),
      waits,
    },
  }));
  const missing = plan.roles
    .filter(({ name }) => !running.some(({ role }) => role === name))
    .map(({ name }) => ({ role: name, processes: 0 }));
  return {
    pipeline,
    at,
    queue: waiting,
    deadLetters: dead,
    lost: gone,
    roles: [...running, ...missing],
  };
}

async function askQueue(plan: Plan, queue: Queue): Promise<Overview['queue']> {
  try {
    return { kind: 'known', streams: await queue.backlog(plan) };
  } catch (error) {
    if (error instanceof Failure) return { kind: 'unknown', reason: error.message };
    throw error;
  }
}

async function askLost(pipeline: string, lost: LostMessages): Promise<Overview['lost']> {
  try {
    return { kind: 'known', entities: await lost.byEntity(pipeline) };
  } catch (error) {
    if (error instanceof Failure && (error.forbidden || error.code === 'STORE_CONFLICT'))
      return { kind: 'unknown', reason: error.message };
    throw error;
  }
}
