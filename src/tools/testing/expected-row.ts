import type { FieldModel } from '../../model/program.ts';
import type { Type } from '../../model/type.ts';
import type { ColumnPlan, Row, TablePlan } from '../../plan/plan.ts';
import { readJson } from '../../types/json-reader.ts';
import { isRefusal, type JsonValue, type Value } from '../../types/value.ts';
import type { ColumnComparison } from './result.ts';

/** The columns that a test names, in its order; the others may hold anything. */
export interface ExpectedRow {
  readonly columns: readonly ExpectedColumn[];
}

interface ExpectedColumn {
  readonly index: number;
  readonly plan: ColumnPlan;
  /** As the test writes it. */
  readonly written: string;
  /** The value in the form that two equal values share; undefined where no value of the column is so. */
  readonly canonical: string | undefined;
}

/** Reads the row that a test expects, each value as the type of its column reads it: `"2.5"`, `2.50` and 2.5 are one decimal. */
export function expectedRow(text: string, table: TablePlan, fields: readonly FieldModel[]): ExpectedRow {
  const json = readJson(text);
  const object = (json.kind === 'value' ? json.value : {}) as Readonly<Record<string, JsonValue>>;
  return {
    columns: Object.entries(object).flatMap(([name, value]): ExpectedColumn[] => {
      const index = table.columns.findIndex((column) => column.name === name);
      const plan = table.columns[index];
      const type = fields.find((field) => field.name === name)?.type.type;
      if (plan === undefined || type === undefined) return [];
      const decoded = decode(type, value);
      const canonical = decoded === undefined ? undefined : canonicalText(plan.toJson(decoded));
      return [{ index, plan, written: JSON.stringify(value), canonical }];
    }),
  };
}

/** The value of a type that a JSON value stands for; undefined where it stands for none. */
function decode(type: Type, json: JsonValue): Value | undefined {
  if (json === null) return null;
  switch (type.kind) {
    case 'scalar': {
      const value = type.column.decoder(type.parameters)(json);
      return isRefusal(value) ? undefined : value;
    }
    case 'enum':
      return typeof json === 'string' ? json : undefined;
    case 'list': {
      if (!Array.isArray(json)) return undefined;
      const values = (json as readonly JsonValue[]).map((each) => decode(type.element, each));
      return values.includes(undefined) ? undefined : (values as Value[]);
    }
    case 'record':
    case 'null':
    case 'unknown':
      return undefined;
  }
}

/** JSON text with sorted keys: Postgres keeps no order of keys either. */
function canonicalText(json: unknown): string {
  return JSON.stringify(json, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !('rawJSON' in value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** Each named column of the row beside what is expected. */
export function compareRow(expected: ExpectedRow, row: Row): readonly ColumnComparison[] {
  return expected.columns.map(({ index, plan, written, canonical }) => {
    const found = plan.toJson(row[index] ?? null);
    return {
      column: plan.name,
      expected: written,
      found: JSON.stringify(found),
      same: canonical === canonicalText(found),
    };
  });
}

/** The comparison with the row that agrees in most columns, the first of several; undefined where there is no row. */
export function nearest(
  expected: ExpectedRow,
  rows: readonly Row[],
): readonly ColumnComparison[] | undefined {
  let best: readonly ColumnComparison[] | undefined;
  for (const row of rows) {
    const comparison = compareRow(expected, row);
    if (best === undefined || agreements(comparison) > agreements(best)) best = comparison;
  }
  return best;
}

export function agreements(comparison: readonly ColumnComparison[]): number {
  return comparison.filter((column) => column.same).length;
}
