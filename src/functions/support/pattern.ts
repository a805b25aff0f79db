import { scalarName, type ValueType } from './value-type.ts';

/** Which types a parameter takes. */
export interface Pattern {
  /** As findings and the reference name it: `int, bigint or decimal`. */
  readonly name: string;
  readonly accepts: (type: ValueType) => boolean;
  /** The scalar type that a literal takes here, so that `"2024-01-31"` is a date. */
  readonly literal?: string;
  /** An enum is taken as its text. */
  readonly enums?: true;
}

function scalars(name: string, accepted: readonly string[], more: Partial<Pattern> = {}): Pattern {
  return { name, accepts: (type) => accepted.includes(scalarName(type) ?? ''), ...more };
}

function listOf(name: string, accepts: (element: ValueType) => boolean): Pattern {
  return { name, accepts: (type) => type.kind === 'list' && accepts(type.element) };
}

const numbers = ['int', 'bigint', 'decimal', 'float'];

export const aText = scalars('text', ['text'], { enums: true });
export const aTextOrUuid = scalars('text or uuid', ['text', 'uuid'], { enums: true });
export const aTextOrBytes = scalars('text or bytes', ['text', 'bytes'], { enums: true });
export const anInt = scalars('int', ['int'], { literal: 'int' });
export const anIntOrText = scalars('int or text', ['int', 'text']);
export const anExactNumber = scalars('int, bigint or decimal', ['int', 'bigint', 'decimal']);
export const aNumber = scalars('a number', numbers);
export const aJson = scalars('json', ['json']);
export const aTimestamp = scalars('timestamp', ['timestamp'], { literal: 'timestamp' });
export const aDateOrTimestamp = scalars('date or timestamp', ['date', 'timestamp'], { literal: 'date' });
export const aDateOrTime = scalars('date, time or timestamp', ['date', 'time', 'timestamp'], {
  literal: 'date',
});
export const aNumberOrDate = scalars('a number, date, time or timestamp', [
  ...numbers,
  'date',
  'time',
  'timestamp',
]);
export const aScalar: Pattern = {
  name: 'a single value',
  accepts: (type) => type.kind === 'scalar',
  enums: true,
};
export const aList = listOf('a list', () => true);
export const aTextList = listOf('a list of text', (element) => scalarName(element) === 'text');
export const aBoolList = listOf('a list of bool', (element) => scalarName(element) === 'bool');
export const aNumberList = listOf('a list of numbers', (element) =>
  numbers.includes(scalarName(element) ?? ''),
);
