import fc from 'fast-check';
import { expect, test } from 'vitest';
import { functions } from '../../src/functions/registry.ts';
import type { ValueType } from '../../src/functions/support/value-type.ts';
import { isRefusal, type Value } from '../../src/types/value.ts';
import { runs } from '../support/property-runs.ts';
import { argument, runOf } from './run.ts';

/** Values of a type, the longest and the greatest ones often. */
function valuesOf(type: ValueType): fc.Arbitrary<Value> {
  if (type.kind === 'list') return fc.array(valuesOf(type.element), { maxLength: 30 });
  if (type.kind !== 'scalar') throw new Error('columns are scalars and lists');
  const [first = 20, scale = 0] = type.parameters;
  switch (type.column.name) {
    case 'text':
      return fc
        .array(fc.constantFrom('a', 'ß', 'İ', '🚀', '-', ' ', 'ΐ'), { maxLength: first })
        .map((all) => all.join(''));
    case 'int':
      return fc.oneof(
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0, 1),
      );
    case 'bigint':
      return fc.oneof(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.constantFrom(-(2n ** 63n), 0n, 1n),
      );
    case 'decimal': {
      const limit = 10n ** BigInt(first) - 1n;
      return fc
        .oneof(fc.bigInt({ min: -limit, max: limit }), fc.constantFrom(limit, -limit, 1n, 0n))
        .map((units) => {
          const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
          const cut = digits.length - scale;
          const text = scale === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
          return units < 0n ? `-${text}` : text;
        });
    }
    case 'float':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'bool':
      return fc.boolean();
    default:
      return fc.constantFrom(...type.column.examples.accepted.map(({ text }) => text));
  }
}

/** What a column of the type would say to the value. */
function refusalOf(type: ValueType, value: Value): string | undefined {
  if (value === null) return undefined;
  if (type.kind === 'list')
    return (value as readonly Value[])
      .map((each) => refusalOf(type.element, each))
      .find((each) => each !== undefined);
  if (type.kind !== 'scalar') throw new Error('columns are scalars and lists');
  const { column, parameters } = type;
  const decoded = column.decoder(parameters)(column.name === 'bigint' ? String(value) : (value as string));
  if (isRefusal(decoded))
    return `${column.name}(${parameters.join(', ')}) refuses ${String(value)}: ${decoded.code}`;
  return decoded === value ? undefined : `${column.name}: ${String(value)} is stored as ${String(decoded)}`;
}

const calls: readonly (readonly [name: string, ...types: string[]])[] = [
  ['trim', 'text(5)'],
  ['lower', 'text(5)'],
  ['upper', 'text(5)'],
  ['substr', 'text(5)', 'int', 'int 3'],
  ['substr', 'text(5)', 'int'],
  ['replace', 'text(7)', 'text "a"', 'text(1)'],
  ['replace', 'text(7)', 'text "aa"', 'text(3)'],
  ['replace', 'text(7)', 'text(2)', 'text(3)'],
  ['replace', 'text(7)', 'text ""', 'text(3)'],
  ['split', 'text(7)', 'text "-"'],
  ['concat', 'text(3)', 'text(4)', 'text(1)'],
  ['nonempty', 'text(5)'],
  ['truncate', 'text(5)', 'int 3'],
  ['truncate', 'text(2)', 'int 3'],
  ['abs', 'int'],
  ['abs', 'bigint'],
  ['abs', 'decimal(5, 2)'],
  ['abs', 'float'],
  ...['0', '1', '2', '4'].map((scale) => ['round', 'decimal(5, 2)', `int ${scale}`] as const),
  ['round', 'decimal(2, 2)'],
  ['round', 'int', 'int 2'],
  ['round', 'float', 'int 3'],
  ['floor', 'decimal(5, 2)'],
  ['floor', 'decimal(2, 2)'],
  ['floor', 'float'],
  ['ceil', 'decimal(5, 2)'],
  ['ceil', 'bigint'],
  ...['0', '1', '5'].map((scale) => ['div', 'decimal(5, 3)', 'decimal(3, 1)', `int ${scale}`] as const),
  ['div', 'int', 'int', 'int 2'],
  ['div', 'bigint', 'decimal(4, 4)', 'int 0'],
  ['min', 'decimal(5, 2)', 'decimal(5, 2)'],
  ['max', 'date', 'date'],
  ['sum', 'int[]'],
  ['sum', 'bigint[]'],
  ['sum', 'decimal(5, 2)[]'],
  ['sum', 'float[]'],
  ['first', 'decimal(5, 2)[]'],
  ['last', 'text(3)[]'],
  ...['text(4)', 'int', 'bigint', 'decimal(5, 0)', 'decimal(5, 2)', 'decimal(5, 5)', 'float', 'bool'].map(
    (type) => ['to_text', type] as const,
  ),
  ...['date', 'time', 'timestamp', 'uuid'].map((type) => ['to_text', type] as const),
  ['add_days', 'date', 'int'],
  ['add_days', 'timestamp', 'int'],
  ['regex_group', 'text(5)', 'text "-(.*)-"', 'int 1'],
  ['parse_int', 'text(5)'],
  ['parse_decimal', 'text(5)', 'int 3', 'int 1'],
  ['sha256', 'text(3)'],
  ['uuid5', 'text(3)', 'text(3)'],
];

test.each(calls)('%s of %s %s %s gives only values that its type holds', (name, ...written) => {
  const run = runOf(name, ...written);
  const types = written.map(argument);
  const resolution = functions.get(name)?.resolve(types);
  if (resolution?.kind !== 'resolved') throw new Error(name);
  const values = types.map(({ type, literal }) =>
    literal === undefined ? valuesOf(type) : fc.constant(literal),
  );
  fc.assert(
    fc.property(fc.tuple(...values), (given) => {
      const result = run(...given);
      expect(result === 'failed' ? undefined : refusalOf(resolution.type, result)).toBeUndefined();
      expect(result === null && !resolution.nullable).toBe(false);
    }),
    { numRuns: runs(500) },
  );
});
