import { z } from 'zod';
import type { Plan, TablePlan } from '../../plan/plan.ts';
import type { Session } from '../../ports/store.ts';
import {
  READ_COLUMNS,
  READ_CONSTRAINTS,
  READ_INDEXES,
  READ_SCHEMAS,
  READ_SERVER_VERSION,
  READ_TABLES,
} from './catalog-queries.ts';
import { tablesOf } from './tables-of.ts';

/** What the live database says of the plan's tables. */
export interface Catalog {
  /** `server_version_num`: 150004 is 15.4. */
  readonly serverVersion: number;
  readonly schemas: ReadonlySet<string>;
  /** In the order of `tablesOf`; undefined where there is none. */
  readonly tables: readonly (LiveTable | undefined)[];
}

export interface LiveTable {
  readonly oid: string;
  /** `pg_class.relkind`: `r` is a table, `p` a partitioned one. */
  readonly kind: string;
  /** Whether its rows, and those of all its partitions, outlive a crash: neither unlogged nor temporary. */
  readonly logged: boolean;
  readonly comment: string | undefined;
  /** Known only where it matters: for a table that lacks a column that may not be null. */
  readonly empty: boolean | undefined;
  readonly columns: readonly LiveColumn[];
  readonly indexes: readonly LiveIndex[];
  readonly foreignKeys: readonly LiveForeignKey[];
  readonly checks: readonly LiveCheck[];
}

export interface LiveColumn {
  readonly name: string;
  /** As `format_type` says it: `character varying(25)`. */
  readonly type: string;
  readonly nullable: boolean;
  /** Has a default or is an identity column: an insert may leave it out. */
  readonly filled: boolean;
  /** Generated always: an insert must leave it out. */
  readonly generated: boolean;
  readonly comment: string | undefined;
}

export interface LiveIndex {
  readonly name: string;
  /** `btree` */
  readonly method: string;
  /** Key columns in order, null for an expression. */
  readonly columns: readonly (string | null)[];
  readonly unique: boolean;
  readonly valid: boolean;
  readonly deferrable: boolean;
  readonly predicate: string | undefined;
  readonly nullsEqual: boolean;
}

export interface LiveForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly targetOid: string;
  /** As SQL would name it. */
  readonly target: string;
  readonly targetColumns: readonly string[];
}

export interface LiveCheck {
  readonly name: string;
  readonly columns: readonly string[];
  /** As `pg_get_constraintdef` says it. */
  readonly definition: string;
}

const NAMES = z.array(z.string());
const KEY_COLUMNS = z.array(z.string().nullable());

type CatalogRow = Readonly<Record<string, unknown>>;

/** Reads the catalog; changes nothing. */
export async function readCatalog(session: Session, plan: Plan): Promise<Catalog> {
  const ask = async (text: string, values?: readonly unknown[]): Promise<readonly CatalogRow[]> =>
    (await session.query({ text, ...(values === undefined ? {} : { values }) })).rows;

  const version = await ask(READ_SERVER_VERSION);
  const wanted = tablesOf(plan);
  const schemas = wanted.flatMap(({ schema }) => (schema === undefined ? [] : [schema]));
  const schemaRows = schemas.length === 0 ? [] : await ask(READ_SCHEMAS, [schemas]);
  const tables = await ask(READ_TABLES, [wanted.map(({ sqlName }) => sqlName)]);
  const oids = tables.map((row) => row['oid']);
  const columns = groupByTable(await ask(READ_COLUMNS, [oids]));
  const indexes = groupByTable(await ask(READ_INDEXES, [oids]));
  const constraints = groupByTable(await ask(READ_CONSTRAINTS, [oids]));

  const live = new Map<number, LiveTable>();
  for (const row of tables) {
    const oid = text(row['oid']);
    const place = Number(row['place']) - 1;
    const own = (columns.get(oid) ?? []).map(columnOf);
    const bound = constraints.get(oid) ?? [];
    const planned = wanted[place];
    live.set(place, {
      oid,
      kind: text(row['kind']),
      logged: row['logged'] === true,
      comment: optional(row['comment']),
      empty:
        planned !== undefined && lacksFilledColumn(planned, own)
          ? await isEmpty(session, planned)
          : undefined,
      columns: own,
      indexes: (indexes.get(oid) ?? []).map(indexOf),
      foreignKeys: bound.filter(({ kind }) => kind === 'f').map(foreignKeyOf),
      checks: bound.filter(({ kind }) => kind === 'c').map(checkOf),
    });
  }
  return {
    serverVersion: Number(version[0]?.['version']),
    schemas: new Set(schemaRows.map((row) => text(row['name']))),
    tables: wanted.map((_, index) => live.get(index)),
  };
}

/** Whether a column must be added that every row already there would have to have. */
function lacksFilledColumn(planned: TablePlan, live: readonly LiveColumn[]): boolean {
  const names = new Set(live.map(({ name }) => name));
  return !planned.existing && planned.columns.some(({ name, nullable }) => !nullable && !names.has(name));
}

async function isEmpty(session: Session, { sqlName }: TablePlan): Promise<boolean> {
  const { rows } = await session.query({ text: `SELECT NOT EXISTS (SELECT FROM ${sqlName}) AS empty` });
  return rows[0]?.['empty'] === true;
}

function groupByTable(rows: readonly CatalogRow[]): Map<string, readonly CatalogRow[]> {
  return Map.groupBy(rows, (row) => text(row['oid']));
}

function columnOf(row: CatalogRow): LiveColumn {
  return {
    name: text(row['name']),
    type: text(row['type']),
    nullable: row['nullable'] === true,
    filled: row['filled'] === true,
    generated: row['generated'] === true,
    comment: optional(row['comment']),
  };
}

function indexOf(row: CatalogRow): LiveIndex {
  return {
    name: text(row['name']),
    method: text(row['method']),
    columns: KEY_COLUMNS.parse(JSON.parse(text(row['columns']))),
    unique: row['is_unique'] === true,
    valid: row['valid'] === true,
    deferrable: row['deferrable'] === true,
    predicate: optional(row['predicate']),
    nullsEqual: row['nulls_equal'] === true,
  };
}

function foreignKeyOf(row: CatalogRow): LiveForeignKey {
  return {
    name: text(row['name']),
    columns: names(row['columns']),
    targetOid: text(row['target_oid']),
    target: text(row['target']),
    targetColumns: names(row['target_columns']),
  };
}

function checkOf(row: CatalogRow): LiveCheck {
  return { name: text(row['name']), columns: names(row['columns']), definition: text(row['definition']) };
}

function names(value: unknown): readonly string[] {
  const list = optional(value);
  return list === undefined ? [] : NAMES.parse(JSON.parse(list));
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`the catalog gave ${typeof value} where it gives text`);
  return value;
}

function optional(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : text(value);
}
