/** The schema of tables that name none: that of Postgres's own `search_path`, for those who have no schema of their name. */
export const DEFAULT_SCHEMA = 'public';

/** A table as a program writes it behind `store`. */
export interface WrittenTable {
  readonly schema?: string | undefined;
  readonly table: string;
}

/** What people call a table: `app.orders`, or `orders` where the program names no schema. Not unique: see `tableId`. */
export function tableName({ schema, table }: WrittenTable): string {
  return schema === undefined ? table : `${schema}.${table}`;
}

/**
 * What tells tables apart, in one program and among all: `"app"."orders"`. It is the same for two tables exactly if they are
 * one table: `orders` and `public.orders` are both `"orders"`.
 */
export function tableId({ schema = DEFAULT_SCHEMA, table }: WrittenTable): string {
  return schema === DEFAULT_SCHEMA ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * The tables that a test may mean by a name: one, or none, or several of the same name in different schemas. Without a
 * schema that is the table that has none, or that of `public`; else those of any schema.
 */
export function tablesNamed<T extends WrittenTable>(all: readonly T[], called: WrittenTable): readonly T[] {
  const exact = all.find((each) => tableId(each) === tableId(called));
  if (exact !== undefined) return [exact];
  if (called.schema !== undefined) return [];
  const namesakes = all.filter(({ table }) => table === called.table);
  return [...new Map(namesakes.toReversed().map((each) => [tableId(each), each])).values()].toReversed();
}
