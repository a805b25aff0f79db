import type { Change } from '../../../plan/change.ts';
import type { Catalog } from '../../../ports/catalog.ts';
import { Failure } from '../../../ports/failure.ts';
import {
  LOCK_TABLES,
  MARK_CHANGES,
  MAX_CONNECTIONS,
  READ_ONLY,
  UNDO_CHANGES,
} from '../../../sql/postgres/catalog/server-state.ts';
import { changeText } from '../../../sql/postgres/ddl/change.ts';
import { limitLockWaits } from '../../../sql/postgres/lock-wait.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';
import { checkSettings } from './check-settings.ts';
import { factsOf } from './facts.ts';
import { lackingOf, lackingOn, lackingToWork } from './lacking.ts';
import { lockedTables } from './locked-tables.ts';
import { lockForChanges } from './lock-for-changes.ts';
import { readTables } from './read-tables.ts';

export function catalogOver(sql: SqlSession, ledgerSchema?: string): Catalog {
  const run = async (text: string): Promise<void> => void (await sql.query({ text }));
  const change = (each: Change): Promise<void> => run(changeText(each));
  return {
    readTables: (tables) => readTables(sql, tables),
    async lockTables() {
      await run(LOCK_TABLES);
      await sql.query(limitLockWaits());
    },
    lockForChanges: (changes) => lockForChanges(sql, changes),
    change,
    async tryChanges(changes) {
      await run(MARK_CHANGES);
      try {
        for (const each of changes) await change(each);
        return true;
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'STORE_REFUSED') throw error;
        await run(UNDO_CHANGES);
        return false;
      }
    },
    checkSettings: () => checkSettings(sql, ledgerSchema),
    maxConnections: async () => Number((await sql.query({ text: MAX_CONNECTIONS })).rows[0]?.['available']),
    facts: (now) => factsOf(sql, ledgerSchema, now),
    lackingPrivileges: (kind, queueHere, keepsRefused = false) =>
      lackingOf(sql, ledgerSchema, kind, { queueHere, keepsRefused }),
    lackingToWork: (queueHere) => lackingToWork(sql, ledgerSchema, queueHere),
    lackingOn: (tables, which) => lackingOn(sql, tables, which?.certain === true),
    lockedTables: (kind, tables, queueHere) => lockedTables(sql, ledgerSchema, kind, tables, queueHere),
    takesWrites: async () => (await sql.query({ text: READ_ONLY })).rows[0]?.['read_only'] !== true,
  };
}
