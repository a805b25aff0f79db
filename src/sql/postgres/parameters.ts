import type { ColumnPlan, ColumnValue } from '../../plan/plan.ts';
import type { Value } from '../../types/value.ts';
import { arrayLiteral, element, NULL_ELEMENT } from './array-literal.ts';
import { type ElementFormat, elementFormats } from './binary/element.ts';
import { putNumeric } from './binary/numeric.ts';
import { putText } from './binary/text.ts';
import { baseName } from './type-names.ts';

/**
 * What carries the values of a column to Postgres: an array of `type`, put by `format`. Lists and json travel as text, because
 * `unnest` would flatten an array of arrays.
 */
export interface Carrier {
  /** Without its modifier: `numeric`. */
  readonly type: string;
  readonly format: ElementFormat;
}

export function carrierOf({ holds }: Pick<ColumnPlan, 'holds'>): Carrier {
  if (holds.kind === 'scalar') {
    const type = holds.column.name === 'json' ? 'text' : baseName(holds.column);
    return { type, format: formatOf(type) };
  }
  const literal = elementLiteral(holds.element);
  const text = (value: Value) => arrayLiteral((value as readonly Value[]).map(literal));
  const { oid } = elementFormats.text;
  return { type: 'text', format: { oid, put: (output, value) => putText(output, text(value)) } };
}

/**
 * The same for whole numbers that were added up: a sum may be larger than its column takes. It travels as `numeric`, so that
 * Postgres refuses it.
 */
export function carrierOfSums(column: Pick<ColumnPlan, 'holds'>): Carrier {
  const carrier = carrierOf(column);
  if (carrier.type !== 'integer' && carrier.type !== 'bigint') return carrier;
  const { oid } = elementFormats.numeric;
  return {
    type: 'numeric',
    format: { oid, put: (output, value) => putNumeric(output, String(value)) },
  };
}

function formatOf(type: string): ElementFormat {
  const formats: Readonly<Record<string, ElementFormat>> = elementFormats;
  const format = formats[type];
  if (format === undefined) throw new Error(`${type} has no binary format`);
  return format;
}

/** One value as an element of an array literal: quoted where needed, `NULL` for null. */
function elementLiteral(holds: ColumnValue): (value: Value) => string {
  if (holds.kind === 'list') {
    const inner = elementLiteral(holds.element);
    return (value) => element(arrayLiteral((value as readonly Value[]).map(inner)), false);
  }
  const { toText, bare } = holds.column;
  return (value) => (value === null ? NULL_ELEMENT : bare ? toText(value) : element(toText(value), false));
}
