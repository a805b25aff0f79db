import type { Plan } from '../../../plan/plan.ts';
import { Failure, type SqlFacts } from '../../../ports/failure.ts';
import { failedTable } from '../failed-table.ts';

/** What a failed operation asks of the worker. */
export type Verdict =
  /** Wait, then the same again; no attempt is spent. */
  | 'infrastructure'
  /** The same again at once, with jitter; no attempt is spent. */
  | 'conflict'
  /** Somebody has to change something: pause, and ask again from time to time. */
  | 'misconfigured'
  /** A message's own fault, for good. */
  | 'refused'
  /** A message's own fault, which a later message may fix. */
  | 'missing-parent'
  /** The server lacks something that this work needs. Other work may still be done; no attempt is spent. */
  | 'server'
  /** Nobody knows: as infrastructure, and a message's own fault only where evidence.ts says so. */
  | 'unknown'
  /** Not a failed operation at all. */
  | 'bug';

/** What these refuse is the fault of whoever changed them, whichever message it is about. */
const OWN_TABLES = /^(message_status(_.*)?|dead_letters|idempotency_keys)$/;

/** `plan`: whose tables were written. One of them may have such a name too, in another schema. */
export function classify(error: unknown, plan?: Plan): Verdict {
  if (!(error instanceof Failure)) return 'bug';
  const refused = error.code === 'STORE_REFUSED' || error.code === 'STORE_MISSING_PARENT';
  if (refused && isOwnTable(error.sql, plan)) return 'misconfigured';
  switch (error.code) {
    case 'QUEUE_UNAVAILABLE':
    case 'QUEUE_FULL':
    case 'STORE_UNAVAILABLE':
      return 'infrastructure';
    case 'STORE_CONFLICT':
    case 'STORE_LOCKED':
    // Whoever holds the partition asks whether it is still worthwhile.
    case 'PARTITION_LOST':
      return 'conflict';
    case 'QUEUE_MISCONFIGURED':
    case 'STORE_MISCONFIGURED':
      return 'misconfigured';
    case 'STORE_REFUSED':
      return 'refused';
    case 'STORE_MISSING_PARENT':
      return 'missing-parent';
    case 'STORE_FULL':
    case 'STORE_FAILING':
      return 'server';
    case 'STORE_UNEXPECTED':
      return 'unknown';
    case 'SETTINGS_CONTRADICT':
    case 'SECRET_UNUSABLE':
    case 'STILL_RUNNING':
    case 'POISON':
    case 'FOLDER_LOCKED':
    case 'CANNOT_USE_CERTIFICATE':
    case 'PORT_IN_USE':
    case 'NO_KEYS':
    case 'CANNOT_LISTEN':
      return 'bug';
  }
}

function isOwnTable(facts: SqlFacts | undefined, plan: Plan | undefined): boolean {
  if (!OWN_TABLES.test(facts?.table ?? '')) return false;
  return plan === undefined || failedTable(plan, facts) < 0;
}
