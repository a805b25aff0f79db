import { pinoLog } from '../src/adapters/pino-log.ts';
import { openStore } from '../src/adapters/postgres/store.ts';
import type { Row, TablePlan } from '../src/plan/plan.ts';
import type { SqlSession } from '../src/sql/postgres/session.ts';
import { applyTables } from '../src/roles/setup/apply-tables.ts';
import { qualifiedName } from '../src/sql/postgres/identifier.ts';
import { arrayWriter } from '../src/sql/postgres/binary/arrays.ts';
import { carrierOf } from '../src/sql/postgres/parameters.ts';
import { upsertStatement } from '../src/sql/postgres/writer/upsert.ts';
import type { Bench } from './bench.ts';

/** Rows of one temporary table for each statement that fills it; filling is not measured. */
const FILL = 5000;

/**
 * (a) What Postgres itself can do: the rows of the orders, already in temporary tables, upserted by one
 * `INSERT … SELECT … ON CONFLICT` for each table in one session and transaction, status rows included. In seconds.
 */
export function sqlLimit({ plan, orders, withDatabase }: Bench): Promise<number> {
  return withDatabase(async (url) => {
    const store = openStore({ url, max: 1, log: pinoLog({ level: 'silent' }), statementTimeout: 0 });
    try {
      await applyTables(store, plan);
      const order = plan.entities.find((entity) => entity.name === 'Order');
      const rows = new Map<number, Row[]>();
      for (const body of orders) {
        const evaluation = order?.evaluate({ body, headers: {}, messageId: '', receivedAt: 0 });
        if (evaluation?.kind !== 'rows') throw new Error('a TPC-H order was rejected');
        for (const { table, rows: written } of evaluation.writes)
          rows.set(table, append(rows.get(table), written));
      }
      const tables = [...rows].flatMap(([index, written]) => {
        const table = plan.tables[index];
        return table === undefined ? [] : [{ table, written }];
      });
      return await store.sql.transaction(async (session) => {
        for (const { table, written } of tables) await fill(session, table, written);
        await session.query({ text: TEMPORARY_STATUS, values: [orders.length] });
        await session.query({ text: 'ANALYZE' });
        const started = performance.now();
        await session.query({ text: UPSERT_STATUS, values: [plan.pipeline, 'Order'] });
        for (const { table } of tables) await session.query({ text: upsertAll(table) });
        return (performance.now() - started) / 1000;
      });
    } finally {
      await store.close();
    }
  });
}

function append(known: Row[] | undefined, added: readonly Row[]): Row[] {
  const rows = known ?? [];
  for (const row of added) rows.push(row);
  return rows;
}

const TEMPORARY_STATUS = `CREATE TEMPORARY TABLE bench_status AS
SELECT gen_random_uuid() AS message_id FROM generate_series(1, $1::int)`;

const UPSERT_STATUS = `INSERT INTO message_status (message_id, pipeline, entity_type, status, received_at, updated_at)
SELECT message_id, $1, $2, 'completed', now(), now() FROM bench_status
ON CONFLICT (message_id) DO UPDATE SET status = excluded.status, updated_at = now()`;

async function fill(session: SqlSession, table: TablePlan, rows: readonly Row[]): Promise<void> {
  await session.query({ text: `CREATE TEMPORARY TABLE bench_${table.name} (LIKE ${qualifiedName(table)})` });
  const parameters = table.columns.map((column, at) => `$${at + 1}::${carrierOf(column).type}[]`).join(', ');
  for (let at = 0; at < rows.length; at += FILL) {
    const part = rows.slice(at, at + FILL);
    const arrays = arrayWriter(FILL * 200);
    await session.query({
      text: `INSERT INTO bench_${table.name} SELECT * FROM unnest(${parameters})`,
      values: table.columns.map((column, index) =>
        arrays.array(carrierOf(column).format, part, (row) => row[index] ?? null),
      ),
    });
  }
}

/** The table's own upsert statement, reading from the temporary table instead of its parameters. */
function upsertAll(table: TablePlan): string {
  const columns = table.columns.map((_, at) => `c${at + 1}`).join(', ');
  return upsertStatement(table).text.replace(
    /FROM \(SELECT unnest.*\) AS s$/m,
    `FROM bench_${table.name} AS s(${columns})`,
  );
}
