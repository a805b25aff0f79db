import type { ColumnPlan, ColumnValue, Row } from '../../plan/plan.ts';
import { arrayLiteral, element, NULL_ELEMENT } from './array-literal.ts';
import type { Value } from '../../types/value.ts';
import { baseName } from './type-names.ts';

/**
 * The type of the parameter array that carries a column: `numeric[]`. Lists and json travel as text, because `unnest`
 * would flatten an array of arrays.
 */
export function parameterType({ holds }: ColumnPlan): string {
  if (holds.kind === 'list' || holds.column.name === 'json') return 'text[]';
  return `${baseName(holds.column)}[]`;
}

/** One value as an element of an array literal. */
export type Encoder = (value: Value) => string;

/** Gives the function that encodes the values of a column: quoted where needed, `NULL` for null. */
export function encoderOf({ holds }: ColumnPlan): Encoder {
  const encode = elementOf(holds);
  return (value) => (value === null ? NULL_ELEMENT : encode(value));
}

function elementOf(holds: ColumnValue): Encoder {
  if (holds.kind === 'list') {
    const inner = elementOf(holds.element);
    return (value) => element(arrayLiteral((value as readonly Value[]).map(inner)), false);
  }
  const { toText, bare } = holds.column;
  return bare ? toText : (value) => element(toText(value), false);
}

/**
 * One column of rows as an array literal, which `unnest` takes. Built here and not by the driver, which would quote each
 * value twice and cost twice the time.
 */
export function columnLiteral(encode: Encoder, rows: readonly Row[], at: number): string {
  return arrayLiteral(rows.map((row) => encode(row[at] ?? null)));
}

/** Values that do not stand in rows, as an array literal. */
export function valuesLiteral(encode: Encoder, values: readonly Value[]): string {
  return arrayLiteral(values.map((value) => encode(value)));
}
