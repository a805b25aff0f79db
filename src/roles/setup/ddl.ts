import type { ColumnPlan, ConstraintPlan, IndexPlan, Plan, RefPlan, TablePlan } from '../../plan/plan.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/postgres/identifier.ts';
import { tablesOf } from './tables-of.ts';

/** Everything that creates the plan's own tables on an empty database, in order; each without a semicolon. */
export function createStatements(plan: Plan): string[] {
  const own = tablesOf(plan).filter(({ existing }) => !existing);
  const schemas = new Set(own.flatMap(({ schema }) => (schema === undefined ? [] : [schema])));
  return [
    ...[...schemas].map((schema) => `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`),
    ...own.map(createTable),
    ...own.flatMap((table) => table.indexes.map((index) => createIndex(table, index))),
    ...own.flatMap((table) => hardRefs(table).map((ref) => addForeignKey(plan, table, ref))),
    ...own.flatMap(commentStatements),
  ];
}

/** The refs that are a constraint in the database. */
export function hardRefs(table: TablePlan): readonly RefPlan[] {
  return table.refs.filter(({ soft }) => !soft);
}

export function createSchema(schema: string): string {
  return `CREATE SCHEMA ${quoteIdentifier(schema)}`;
}

/** The table with its columns, checks and unique constraints; refs come later, when every table is there. */
export function createTable(table: TablePlan): string {
  const lines = [...table.columns.map(columnLine), ...table.constraints.map(constraintLine)];
  return `CREATE TABLE ${table.sqlName} (\n  ${lines.join(',\n  ')}\n)`;
}

export function addColumn(table: TablePlan, column: ColumnPlan): string {
  return `ALTER TABLE ${table.sqlName} ADD COLUMN ${columnLine(column)}`;
}

export function setType(table: TablePlan, column: ColumnPlan): string {
  return `ALTER TABLE ${table.sqlName} ALTER COLUMN ${quoteIdentifier(column.name)} TYPE ${column.type}`;
}

export function setNullable(table: TablePlan, column: ColumnPlan): string {
  const change = column.nullable ? 'DROP NOT NULL' : 'SET NOT NULL';
  return `ALTER TABLE ${table.sqlName} ALTER COLUMN ${quoteIdentifier(column.name)} ${change}`;
}

export function addConstraint(table: TablePlan, constraint: ConstraintPlan): string {
  return `ALTER TABLE ${table.sqlName} ADD ${constraintLine(constraint)}`;
}

export function addCheck(table: TablePlan, column: ColumnPlan): string {
  return `ALTER TABLE ${table.sqlName} ADD ${checkClause(column)}`;
}

export function dropConstraint(table: TablePlan, name: string): string {
  return `ALTER TABLE ${table.sqlName} DROP CONSTRAINT ${quoteIdentifier(name)}`;
}

export function createIndex(table: TablePlan, index: IndexPlan): string {
  return `CREATE INDEX ${quoteIdentifier(index.name)} ON ${table.sqlName} (${columnList(index.columns)})`;
}

export function addForeignKey(plan: Plan, table: TablePlan, ref: RefPlan): string {
  const target = plan.tables[ref.target];
  if (target === undefined) throw new Error(`the plan has no table ${ref.target}`);
  return (
    `ALTER TABLE ${table.sqlName} ADD CONSTRAINT ${quoteIdentifier(ref.name)} ` +
    `FOREIGN KEY (${columnList(ref.columns)}) REFERENCES ${target.sqlName} (${columnList(ref.targetColumns)})`
  );
}

export function commentOnTable(table: TablePlan, doc: string): string {
  return `COMMENT ON TABLE ${table.sqlName} IS ${quoteLiteral(doc)}`;
}

export function commentOnColumn(table: TablePlan, column: ColumnPlan, doc: string): string {
  return `COMMENT ON COLUMN ${table.sqlName}.${quoteIdentifier(column.name)} IS ${quoteLiteral(doc)}`;
}

function commentStatements(table: TablePlan): string[] {
  return [
    ...(table.doc === undefined ? [] : [commentOnTable(table, table.doc)]),
    ...table.columns.flatMap((column) =>
      column.doc === undefined ? [] : [commentOnColumn(table, column, column.doc)],
    ),
  ];
}

function columnLine(column: ColumnPlan): string {
  const parts = [quoteIdentifier(column.name), column.type];
  if (!column.nullable) parts.push('NOT NULL');
  if (column.allowed !== undefined) parts.push(checkClause(column));
  return parts.join(' ');
}

/** Without a name: Postgres gives it one, `orders_status_check`, and cuts what would be too long. */
function checkClause({ name, type, allowed = [] }: ColumnPlan): string {
  const column = quoteIdentifier(name);
  const values = allowed.map(quoteLiteral).join(', ');
  return type.endsWith('[]')
    ? `CHECK (${column} <@ ARRAY[${values}]::${type})`
    : `CHECK (${column} IN (${values}))`;
}

function constraintLine({ kind, name, columns, nullsEqual }: ConstraintPlan): string {
  const rule = kind === 'key' ? 'PRIMARY KEY' : nullsEqual ? 'UNIQUE NULLS NOT DISTINCT' : 'UNIQUE';
  return `CONSTRAINT ${quoteIdentifier(name)} ${rule} (${columnList(columns)})`;
}

function columnList(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(', ');
}
