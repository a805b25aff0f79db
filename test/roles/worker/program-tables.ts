import { afterAll } from 'vitest';
import { openStore, type PostgresStore } from '../../../src/adapters/postgres/store.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { createStatements } from '../../../src/sql/postgres/ddl/create-statements.ts';
import { evaluator } from '../../../src/roles/worker/receive/evaluate.ts';
import type { Message } from '../../../src/roles/worker/message.ts';
import { type WritePlan, writePlan } from '../../../src/roles/worker/write-plan.ts';
import { freshDatabase } from '../../support/database.ts';
import { memoryLog } from '../../support/memory-log.ts';

/** The tables of a program on a database of their own, for tests that write batches themselves. */
export interface ProgramTables {
  readonly write: WritePlan;
  readonly store: PostgresStore;
  /** An evaluated message with a new id; throws where the program refuses the body. */
  message(entity: string, body: object): Message;
}

/** Makes the tables, over a store with `max` connections that is closed after the file's tests. */
export async function openProgramTables(plan: Plan, max: number): Promise<ProgramTables> {
  const evaluate = evaluator(plan);
  const database = await freshDatabase();
  const store = openStore({ url: database.url, max, log: memoryLog() });
  afterAll(() => store.close());
  await store.transaction(({ ledger }) => ledger.migrate());
  for (const text of createStatements(plan)) await store.sql.query({ text });
  let number = 0;
  return {
    write: writePlan(plan),
    store,
    message(entity, body) {
      number += 1;
      const evaluated = evaluate({
        messageId: `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`,
        entity,
        generation: 0,
        program: undefined,
        body: Buffer.from(JSON.stringify(body)),
        headers: {},
        receivedAt: 1_700_000_000_000,
        deliveries: 1,
      });
      if (evaluated.kind === 'failed') throw new Error(evaluated.error.message);
      return evaluated;
    },
  };
}
