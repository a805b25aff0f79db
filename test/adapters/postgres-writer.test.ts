import { openStore } from '../../src/adapters/postgres/store.ts';
import { writerConformance } from '../conformance/store-writer.ts';
import { freshDatabase } from '../support/database.ts';
import { memoryLog } from '../support/memory-log.ts';

const database = await freshDatabase();

writerConformance(async () => openStore({ url: database.url, max: 4, log: memoryLog() }));
