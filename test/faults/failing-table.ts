import { connected } from './connected.ts';
import type { Random } from './random.ts';

/** Errors of a server that fails, not of a message: its disk, its own code, and a class that nobody knows. */
/** I/O error, missing file, corrupted data, internal error, damaged settings file, unsupported, disk full, and two of nobody. */
const CODES = ['58030', '58P01', 'XX001', 'XX000', 'F0000', '0A000', '53100', 'P0001', '99999'] as const;
/** Each is written by another kind of upsert; one of them in order. */
const FAILING = ['orders', 'order_lines', 'tallies', 'stocks', 'movements', 'accounts'] as const;

/** Which table refuses every row, and with what. */
export interface TableFailure {
  readonly table: (typeof FAILING)[number];
  readonly code: (typeof CODES)[number];
}

export function drawTableFailure(random: Random): TableFailure {
  return { table: random.pick(FAILING), code: random.pick(CODES) };
}

export async function failTable(databaseUrl: string, { table, code }: TableFailure): Promise<void> {
  await connected(databaseUrl, async (client) => {
    await client.query(
      `CREATE OR REPLACE FUNCTION fail_as_a_server() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'could not write block 7' USING ERRCODE = '${code}'; END $$`,
    );
    await client.query(
      `CREATE TRIGGER failing BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION fail_as_a_server()`,
    );
  });
}

export async function fixTable(databaseUrl: string, { table }: TableFailure): Promise<void> {
  await connected(databaseUrl, (client) => client.query(`DROP TRIGGER failing ON ${table}`));
}
