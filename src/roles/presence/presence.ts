import { randomUUID } from 'node:crypto';
import type { Plan, RolePlan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { quietly } from '../../ports/quietly.ts';
import type { RoleProcess } from '../../ports/presence.ts';
import type { Store } from '../../ports/store.ts';
import { programOf } from './program-of.ts';
import { type Programs, programsOf } from './programs.ts';

/** Milliseconds between two signs of life. */
const BEAT = 5_000;
/** Milliseconds for which a process counts as alive after the last one. */
export const LEASE = 3 * BEAT;

/** This process among all processes of the pipeline. */
export interface Presence {
  readonly programs: Programs;
  /**
   * Registers the program, where it is new, and the process, and reads what is known of others. Rejects with a
   * `Failure`. The process does it by itself from time to time; whoever needs it done first calls it.
   */
  announce(): Promise<void>;
  /** Ends the signs of life, and takes the process out where Postgres answers. Safe to call twice. */
  stop(): Promise<void>;
}

export interface PresenceOptions {
  readonly plan: Plan;
  readonly role: RolePlan;
  /** Whether this is the part of the role that works messages. */
  readonly consumes: boolean;
  /** What the process waits for now. */
  readonly waits?: () => string | undefined;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tells other processes and `apply` that this one runs, and with which program. Never waits for Postgres. */
export function startPresence({ plan, role, consumes, waits, store, clock, log }: PresenceOptions): Presence {
  const { pipeline, program } = plan;
  const own: RoleProcess = { id: randomUUID(), pipeline, role: role.name, program, consumes };
  const programs = programsOf(plan, store, clock);
  const stopping = new AbortController();
  let registered = false;

  const announce = async (): Promise<void> => {
    if (!registered) await store.transaction(({ ledger }) => ledger.programs.register(programOf(plan)));
    registered = true;
    if (!stopping.signal.aborted) await store.ledger.processes.beat(own, LEASE, waits?.());
    if (consumes) await programs.refresh();
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await quietly(log, 'a sign of life', announce);
      await clock.sleep(BEAT * (1 - Math.random() / 4), stopping.signal);
    }
  };
  const ended = run();
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
    await quietly(log, 'taking the process out', () => store.ledger.processes.forget(own.id));
  };

  return {
    programs,
    announce,
    stop: () => (stopped ??= stop()),
  };
}
