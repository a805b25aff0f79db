import type { TablePlan } from '../../../plan/plan.ts';
import type { LiveColumn, LiveTable, LiveTables, PlannedType } from '../../../ports/catalog.ts';
import {
  isEmptyText,
  READ_COLUMNS,
  READ_CONSTRAINTS,
  READ_INDEXES,
  READ_SCHEMAS,
  READ_SERVER_VERSION,
  READ_TABLES,
} from '../../../sql/postgres/catalog/table-queries.ts';
import { lacksNullsEqual } from '../../../sql/postgres/catalog/versions.ts';
import { qualifiedName } from '../../../sql/postgres/identifier.ts';
import { holdsAll, sameType, widensInPlace } from '../../../sql/postgres/ddl/type-comparison.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';
import { typeName } from '../../../sql/postgres/type-names.ts';
import { checkOf, columnOf, foreignKeyOf, indexOf, optional, type Row, text } from './catalog-rows.ts';

/** `pg_class.relkind` of what rows can be upserted into: tables and partitioned tables. */
const TABLE_KINDS: ReadonlySet<string> = new Set(['r', 'p']);

export async function readTables(sql: SqlSession, wanted: readonly TablePlan[]): Promise<LiveTables> {
  const ask = async (query: string, values?: readonly unknown[]): Promise<readonly Row[]> =>
    (await sql.query({ text: query, ...(values === undefined ? {} : { values }) })).rows;

  const version = Number((await ask(READ_SERVER_VERSION))[0]?.['version']);
  const schemas = wanted.flatMap(({ schema }) => (schema === undefined ? [] : [schema]));
  const schemaRows = schemas.length === 0 ? [] : await ask(READ_SCHEMAS, [schemas]);
  const tables = await ask(READ_TABLES, [wanted.map(qualifiedName)]);
  const oids = tables.map((row) => row['oid']);
  const columns = groupByTable(await ask(READ_COLUMNS, [oids]));
  const indexes = groupByTable(await ask(READ_INDEXES, [oids]));
  const constraints = groupByTable(await ask(READ_CONSTRAINTS, [oids]));

  const live = new Map<number, LiveTable>();
  for (const row of tables) {
    const place = Number(row['place']) - 1;
    const planned = wanted[place];
    if (planned === undefined) continue;
    const id = text(row['oid']);
    const own = (columns.get(id) ?? []).map(columnOf);
    const bound = constraints.get(id) ?? [];
    live.set(place, {
      id,
      isTable: TABLE_KINDS.has(text(row['kind'])),
      partitioned: row['kind'] === 'p',
      durable: row['logged'] === true,
      comment: optional(row['comment']),
      empty: lacksFilledColumn(planned, own)
        ? (await ask(isEmptyText(planned)))[0]?.['empty'] === true
        : undefined,
      columns: own,
      types: typesOf(planned, own),
      indexes: (indexes.get(id) ?? []).map(indexOf),
      foreignKeys: bound.filter(({ kind }) => kind === 'f').map(foreignKeyOf),
      checks: bound.filter(({ kind }) => kind === 'c').map(checkOf),
    });
  }
  return {
    schemas: new Set(schemaRows.map((row) => text(row['name']))),
    tables: wanted.map((_, index) => live.get(index)),
    lacksNullsEqual: lacksNullsEqual(version),
  };
}

function groupByTable(rows: readonly Row[]): Map<string, readonly Row[]> {
  return Map.groupBy(rows, (row) => text(row['oid']));
}

/** Whether a column must be added that every row already there would have to have. */
function lacksFilledColumn(planned: TablePlan, live: readonly LiveColumn[]): boolean {
  const names = new Set(live.map(({ name }) => name));
  return !planned.existing && planned.columns.some(({ name, nullable }) => !nullable && !names.has(name));
}

function typesOf(planned: TablePlan, live: readonly LiveColumn[]): readonly PlannedType[] {
  const found = new Map(live.map(({ name, type }) => [name, type]));
  return planned.columns.map(({ name, holds }) => {
    const wanted = typeName(holds);
    const has = found.get(name);
    return {
      name: wanted,
      live:
        has === undefined
          ? undefined
          : {
              same: sameType(has, wanted),
              holdsAll: holdsAll(has, wanted),
              canWiden: widensInPlace(has, wanted),
              isWidened: widensInPlace(wanted, has),
            },
    };
  });
}
