import type { TablePlan } from '../../plan/plan.ts';
import type { Catalog, LockedTables } from '../../ports/catalog.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Question, question } from './ask-servers.ts';
import { locksText } from './standstill.ts';

export interface LockedOutTerms {
  readonly kind: 'ingest' | 'worker';
  /** Those of the program that the role writes. */
  readonly tables: readonly TablePlan[];
  /** Whether messages wait in this database. */
  readonly queueHere: boolean;
}

/** Whose locks on tables keep a role from its work, also while no message comes; where Postgres is away, nothing. */
export interface LockedOut {
  /** From all of it. */
  readonly refuses: Question;
  /** From some of it. */
  readonly worries: Question;
}

export function lockedOut(
  { catalog }: { readonly catalog: Pick<Catalog, 'lockedTables'> },
  { kind, tables, queueHere }: LockedOutTerms,
  clock: Clock,
): LockedOut {
  let open: Promise<LockedTables> | undefined;
  // Both questions share an answer.
  const ask = (): Promise<LockedTables> => {
    open ??= catalog.lockedTables(kind, tables, queueHere).finally(() => (open = undefined));
    return open;
  };
  const about = (which: keyof LockedTables): Question =>
    question(
      'locks',
      async () => {
        const holders = await ask().then(
          (found) => found[which],
          () => [],
        );
        return holders.length === 0 ? undefined : locksText(holders);
      },
      clock,
      () => undefined,
    );
  return { refuses: about('all'), worries: about('some') };
}
