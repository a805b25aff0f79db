import type { Session } from '../../ports/store.ts';
import type { SqlSession } from '../../sql/postgres/session.ts';
import { catalogOver } from './catalog/catalog.ts';
import { ledgerOver } from './ledger/ledger.ts';
import { writerOver } from './writer/writer.ts';

/** The port's operations, executed as statements of one session. */
export function sessionOver(sql: SqlSession): Session {
  return {
    catalog: catalogOver(sql),
    ledger: ledgerOver(sql),
    writer: writerOver(sql),
  };
}
