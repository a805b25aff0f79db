import type { ColumnType, TypeParameters } from '../types/column-type.ts';

/** The static type of a value. Nullability stands beside it, in `Typed`. */
export type Type =
  | ScalarType
  | { readonly kind: 'enum'; readonly of: EnumType }
  /** A nested object, the elements of a list of shapes, or the row that an alias stands for. */
  | { readonly kind: 'record'; readonly of: RecordType }
  | { readonly kind: 'list'; readonly element: Type }
  /** The literal `null`, before it meets another type; never null, it is the type of what gives no value: `NEVER`. */
  | { readonly kind: 'null' }
  /** Comes after a reported error; fits everything, so that one error never causes a second. */
  | { readonly kind: 'unknown' };

export interface ScalarType {
  readonly kind: 'scalar';
  readonly column: ColumnType;
  readonly parameters: TypeParameters;
}

/** What types need of an enum: its identity, its name and its values. */
export interface EnumType {
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly value: string }[];
}

/** What types need of a shape, entity or derived entity: its identity, its name and its fields. */
export interface RecordType {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: Typed }[];
}

export interface Typed {
  readonly type: Type;
  readonly nullable: boolean;
}

/** Of `fail(…)` and `skip()`, which end the evaluation and therefore fit everywhere. */
export const NEVER: Typed = { type: { kind: 'null' }, nullable: false };

export const UNKNOWN: Typed = { type: { kind: 'unknown' }, nullable: false };

export function isUnknown(typed: Typed): boolean {
  return (
    typed.type.kind === 'unknown' || (typed.type.kind === 'list' && typed.type.element.kind === 'unknown')
  );
}

/** As the language writes it: `decimal(15, 2)?`, `Line[]`. */
export function describe(typed: Typed): string {
  if (typed.type.kind === 'null' && !typed.nullable) return 'never a value';
  return describeType(typed.type) + (typed.nullable && typed.type.kind !== 'null' ? '?' : '');
}

export function describeType(type: Type): string {
  switch (type.kind) {
    case 'scalar':
      return type.parameters.length === 0
        ? type.column.name
        : `${type.column.name}(${type.parameters.join(', ')})`;
    case 'enum':
      return type.of.name;
    case 'record':
      return type.of.name;
    case 'list':
      return `${describeType(type.element)}[]`;
    case 'null':
      return 'null';
    case 'unknown':
      return 'unknown';
  }
}

/** The scalar's name, or nothing for other types. */
export function scalarName(type: Type): string | undefined {
  return type.kind === 'scalar' ? type.column.name : undefined;
}

/** Whether the type can be a column: a scalar, an enum, or a list of these. */
export function isColumnType(type: Type): boolean {
  if (type.kind === 'list') return type.element.kind === 'scalar' || type.element.kind === 'enum';
  return type.kind === 'scalar' || type.kind === 'enum';
}
