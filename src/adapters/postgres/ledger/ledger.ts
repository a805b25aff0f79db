import type { Ledger } from '../../../ports/ledger.ts';
import { inOwnSchema } from '../../../sql/postgres/own-schema.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';
import { bindKeys } from './bind-keys.ts';
import { claim } from './claim.ts';
import { deadLettersOver } from './dead-letters.ts';
import { keysOver } from './keys.ts';
import { lostMessagesOver } from './lost-messages.ts';
import { markRetrying } from './mark-retrying.ts';
import { markSuperseded } from './mark-superseded.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import { noteWaiting } from './note-waiting.ts';
import { partitionsOver } from './partitions.ts';
import { processesOver, programsOver } from './presence.ts';
import { purgeOver } from './purge.ts';
import { readOpen } from './read-open.ts';
import { readStatus } from './read-status.ts';
import { recordAccepted } from './record-accepted.ts';
import { recordDeadLetters } from './record-dead-letters.ts';
import { clearUnfinished, markTogether, markUnfinished } from './suspects.ts';

/**
 * The ledger in the tables of a Postgres, executed as statements of one session. `schema` has the tables; without it they
 * are where `search_path` finds them.
 */
export function ledgerOver(session: SqlSession, schema?: string): Ledger {
  const sql = inOwnSchema(session, schema);
  return {
    recordAccepted: (entries) => recordAccepted(sql, entries),
    claim: (entries) => claim(sql, entries),
    markSuperseded: (messageIds) => markSuperseded(sql, messageIds),
    markRetrying: (failed) => markRetrying(sql, failed),
    recordDeadLetters: (dead) => recordDeadLetters(sql, dead),
    markUnfinished: (entry, error) => markUnfinished(sql, entry, error),
    markTogether: (suspects) => markTogether(sql, suspects),
    clearUnfinished: (messageIds) => clearUnfinished(sql, messageIds),
    noteWaiting: (waiting) => noteWaiting(sql, waiting),
    readOpen: (entries) => readOpen(sql, entries),
    readStatus: (messageId) => readStatus(sql, messageId),
    bindKeys: (pipeline, bindings) => bindKeys(sql, pipeline, bindings),
    pendingMigrations: () => pendingMigrations(session, schema),
    migrate: () => migrate(session, schema),
    deadLetters: deadLettersOver(sql),
    keys: keysOver(sql),
    lost: lostMessagesOver(sql),
    partitions: partitionsOver(sql),
    processes: processesOver(sql, () => pendingMigrations(session, schema)),
    programs: programsOver(sql),
    purge: purgeOver(sql, schema),
  };
}
