import type { Change } from '../../../plan/change.ts';
import type { ColumnPlan, ConstraintPlan, RefPlan, TablePlan } from '../../../plan/plan.ts';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../identifier.ts';
import { typeName } from '../type-names.ts';

/** The statement that makes a change, without a semicolon. */
export function changeText(change: Change): string {
  switch (change.kind) {
    case 'create-schema':
      return `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(change.schema)}`;
    case 'create-table':
      return createTable(change.table);
    case 'add-column':
      return `ALTER TABLE ${qualifiedName(change.table)} ADD COLUMN ${columnLine(change.column)}`;
    case 'widen-column':
      return `${alterColumn(change.table, change.column)} TYPE ${typeName(change.column.holds)}`;
    case 'set-nullable':
      return `${alterColumn(change.table, change.column)} ${change.column.nullable ? 'DROP' : 'SET'} NOT NULL`;
    case 'add-check':
      return `ALTER TABLE ${qualifiedName(change.table)} ADD ${checkClause(change.column)}`;
    case 'drop-check':
      return `ALTER TABLE ${qualifiedName(change.table)} DROP CONSTRAINT ${quoteIdentifier(change.name)}`;
    case 'add-constraint':
      return `ALTER TABLE ${qualifiedName(change.table)} ADD ${constraintLine(change.constraint)}`;
    case 'create-index': {
      const { table, index } = change;
      return `CREATE INDEX ${quoteIdentifier(index.name)} ON ${qualifiedName(table)} (${columnList(index.columns)})`;
    }
    case 'add-foreign-key':
      return addForeignKey(change.table, change.ref, change.target);
    case 'comment-on-table':
      return `COMMENT ON TABLE ${qualifiedName(change.table)} IS ${quoteLiteral(change.text)}`;
    case 'comment-on-column': {
      const { table, column, text } = change;
      return `COMMENT ON COLUMN ${qualifiedName(table)}.${quoteIdentifier(column.name)} IS ${quoteLiteral(text)}`;
    }
  }
}

/** The table with its columns, checks and unique constraints; refs come later, when every table is there. */
function createTable(table: TablePlan): string {
  const lines = [...table.columns.map(columnLine), ...table.constraints.map(constraintLine)];
  return `CREATE TABLE ${qualifiedName(table)} (\n  ${lines.join(',\n  ')}\n)`;
}

function alterColumn(table: TablePlan, column: ColumnPlan): string {
  return `ALTER TABLE ${qualifiedName(table)} ALTER COLUMN ${quoteIdentifier(column.name)}`;
}

function addForeignKey(table: TablePlan, ref: RefPlan, target: TablePlan): string {
  return (
    `ALTER TABLE ${qualifiedName(table)} ADD CONSTRAINT ${quoteIdentifier(ref.name)} ` +
    `FOREIGN KEY (${columnList(ref.columns)}) REFERENCES ${qualifiedName(target)} (${columnList(ref.targetColumns)})`
  );
}

function columnLine(column: ColumnPlan): string {
  const parts = [quoteIdentifier(column.name), typeName(column.holds)];
  if (!column.nullable) parts.push('NOT NULL');
  if (column.allowed !== undefined) parts.push(checkClause(column));
  return parts.join(' ');
}

/** Without a name: Postgres gives it one, `orders_status_check`, and cuts what would be too long. */
function checkClause({ name, holds, allowed = [] }: ColumnPlan): string {
  const column = quoteIdentifier(name);
  const values = allowed.map(quoteLiteral).join(', ');
  return holds.kind === 'list'
    ? `CHECK (${column} <@ ARRAY[${values}]::${typeName(holds)})`
    : `CHECK (${column} IN (${values}))`;
}

function constraintLine({ kind, name, columns, nullsEqual }: ConstraintPlan): string {
  const rule = kind === 'key' ? 'PRIMARY KEY' : nullsEqual ? 'UNIQUE NULLS NOT DISTINCT' : 'UNIQUE';
  return `CONSTRAINT ${quoteIdentifier(name)} ${rule} (${columnList(columns)})`;
}

function columnList(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(', ');
}
