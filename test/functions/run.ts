import type { Argument, Resolved } from '../../src/functions/function.ts';
import { isNoResult } from '../../src/functions/support/no-result.ts';
import { functions } from '../../src/functions/registry.ts';
import { scalar } from '../../src/functions/support/value-type.ts';
import type { Value } from '../../src/types/value.ts';

/** A type written as in a program, `decimal(15, 2)` or `text[]`, or a literal of it, `'text "yyyy"'`. */
export function argument(written: string): Argument {
  const [, name = '', parameters = '', list, literal] =
    /^(\w+)(?:\(([0-9, ]+)\))?(\[\])?(?: (.+))?$/.exec(written) ?? [];
  const element = scalar(name, ...parameters.split(',').filter(Boolean).map(Number));
  const type = list === undefined ? element : ({ kind: 'list', element } as const);
  return literal === undefined ? { type } : { type, literal: JSON.parse(literal) as Value };
}

/** What a function computes over arguments of these types; `failed` where it rejects the message. */
export function runOf(name: string, ...written: readonly string[]): (...values: readonly Value[]) => Value {
  const call = written.map(argument);
  const resolution = functions.get(name)?.resolve(call);
  if (resolution?.kind !== 'resolved') throw new Error(`${name} does not take ${written.join(', ')}`);
  const run = resolution.run as (...values: readonly Value[]) => ReturnType<Resolved['run']>;
  return (...values) => {
    const result = run(...values);
    return isNoResult(result) ? 'failed' : result;
  };
}
