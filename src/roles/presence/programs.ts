import type { Plan } from '../../plan/plan.ts';
import type { Clock } from '../../ports/clock.ts';
import type { KnownProgram, LiveProcesses } from '../../ports/presence.ts';
import type { Session } from '../../ports/store.ts';

/** What the program that accepted a message is to the program that is asked to work it. */
export type Standing =
  /** The same, or one with the same rules for the entity. */
  | { readonly kind: 'own' }
  /** Nobody said which. */
  | { readonly kind: 'unnamed' }
  /** `known` is left out where it was never activated. */
  | { readonly kind: 'older'; readonly known?: KnownProgram }
  | { readonly kind: 'newer' };

/** The message that is asked about. */
export interface Accepted {
  readonly entity: string;
  readonly program: string | undefined;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** The programs of a pipeline as this process knows them; `refresh` asks Postgres. */
export interface Programs {
  /** By what is known now. */
  standingOf(message: Accepted): Standing;
  /** Whether the program is known here; others may have been activated since the last `refresh`. */
  knows(program: string): boolean;
  /** This process's own, once it is registered. */
  own(): KnownProgram | undefined;
  /** Whether another program was activated after this process's own. */
  outdated(): boolean;
  /** Whether workers of a newer program run. */
  newerWorkers(): boolean;
  /** Asks again, unless that was done within `age` ms. Rejects with a `Failure`. */
  refresh(age?: number): Promise<void>;
}

export function programsOf(plan: Plan, { ledger }: Session, clock: Clock): Programs {
  const known = new Map<string, KnownProgram>();
  const rules = new Map(plan.entities.map(({ name, fingerprint }) => [name, fingerprint]));
  let live: readonly LiveProcesses[] = [];
  let newest = 0;
  let refreshedAt = -Infinity;

  const own = (): KnownProgram | undefined => known.get(plan.program);
  const isNewer = (program: string): boolean =>
    (known.get(program)?.number ?? 0) > (own()?.number ?? Infinity);

  return {
    standingOf({ entity, program, receivedAt }) {
      if (program === plan.program) return { kind: 'own' };
      if (program === undefined) return { kind: 'unnamed' };
      const other = known.get(program);
      const mine = own();
      if (other === undefined) {
        // Its ingest could not register it: a later program has taken its place, or it is yet to come.
        return mine !== undefined && receivedAt < mine.activatedAt ? { kind: 'older' } : { kind: 'newer' };
      }
      const rule = rules.get(entity);
      if (rule !== undefined && rule === other.entities[entity]) return { kind: 'own' };
      return isNewer(program) ? { kind: 'newer' } : { kind: 'older', known: other };
    },
    knows: (program) => known.has(program),
    own,
    outdated: () => newest > (own()?.number ?? Infinity),
    newerWorkers: () => live.some(({ consumes, program }) => consumes && isNewer(program)),
    async refresh(age = 0) {
      if (clock.now() - refreshedAt < age) return;
      for (const program of await ledger.programs.read(plan.pipeline, newest)) {
        known.set(program.fingerprint, program);
        newest = Math.max(newest, program.number);
      }
      live = await ledger.processes.live(plan.pipeline);
      refreshedAt = clock.now();
    },
  };
}
