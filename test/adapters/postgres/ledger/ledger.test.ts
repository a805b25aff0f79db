import { openStore } from '../../../../src/adapters/postgres/store.ts';
import { ledgerConformance } from '../../../conformance/store-ledger.ts';
import { freshDatabase } from '../../../support/database.ts';
import { memoryLog } from '../../../support/memory-log.ts';

const database = await freshDatabase();

ledgerConformance(() => Promise.resolve(openStore({ url: database.url, max: 4, log: memoryLog() })));
