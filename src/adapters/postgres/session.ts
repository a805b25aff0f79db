import type { Session } from '../../ports/store.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { catalogOver } from './catalog/catalog.ts';
import { ledgerOver } from './ledger/ledger.ts';
import { writerOver } from './writer/writer.ts';

/** The port's operations, executed as statements of one session. `ledgerSchema` has our own tables. */
export function sessionOver(sql: SqlSession, ledgerSchema?: string): Session {
  return {
    catalog: catalogOver(sql, ledgerSchema),
    ledger: ledgerOver(sql, ledgerSchema),
    writer: writerOver(sql),
  };
}
