import type { ColumnType, TypeParameters } from '../../types/column-type.ts';
import { columnTypes } from '../../types/registry.ts';

/** The type of an argument or a result: what functions need of the types of a program, which lie above this folder. */
export type ValueType =
  | { readonly kind: 'scalar'; readonly column: ColumnType; readonly parameters: TypeParameters }
  /** Only ever handed on, from an argument to the result. */
  | { readonly kind: 'enum' | 'record'; readonly of: object }
  | { readonly kind: 'list'; readonly element: ValueType }
  /** No argument has one of these; a list may, behind an error. */
  | { readonly kind: 'null' | 'unknown' };

/** The greatest precision of a Postgres `numeric` that declares one. */
export const MAX_PRECISION = 1000;

export function scalar(name: string, ...parameters: readonly number[]): ValueType {
  const column = columnTypes.get(name);
  if (column === undefined) throw new Error(`the type registry lacks ${name}`);
  return { kind: 'scalar', column, parameters };
}

export const TEXT = scalar('text');
export const INT = scalar('int');
export const BIGINT = scalar('bigint');
export const FLOAT = scalar('float');
export const BOOL = scalar('bool');
export const DATE = scalar('date');
export const TIMESTAMP = scalar('timestamp');
export const UUID = scalar('uuid');
export const JSON_TYPE = scalar('json');

/** A text of at most this many characters. Of any length if the limit is unknown or larger than a column's limit can be. */
export function textOf(length: number | undefined): ValueType {
  const { max = Infinity } = (TEXT.kind === 'scalar' ? TEXT.column.parameters[0] : undefined) ?? {};
  return length === undefined || length > max ? TEXT : scalar('text', Math.max(length, 1));
}

/** The greatest length of a text type, where it has one. */
export function lengthOf(type: ValueType | undefined): number | undefined {
  return type?.kind === 'scalar' && type.column.name === 'text' ? type.parameters[0] : undefined;
}

export function scalarName(type: ValueType | undefined): string | undefined {
  return type?.kind === 'scalar' ? type.column.name : undefined;
}

/** Digits before and behind the point. */
export interface Digits {
  readonly whole: number;
  readonly scale: number;
}

/** The most digits that a value of a number type has; those of a float are its shortest text written out. */
export function digitsOf(type: ValueType | undefined): Digits {
  if (type?.kind === 'scalar')
    switch (type.column.name) {
      case 'int':
        return { whole: 10, scale: 0 };
      case 'bigint':
        return { whole: 19, scale: 0 };
      case 'float':
        return { whole: 309, scale: 324 };
      case 'decimal': {
        const [precision = 0, scale = 0] = type.parameters;
        return { whole: precision - scale, scale };
      }
    }
  throw new Error('only numbers have digits');
}

export function decimalOf({ whole, scale }: Digits): ValueType {
  return scalar('decimal', Math.max(whole + scale, 1), scale);
}
