import { isRawNumber } from './raw-number.ts';
import { type JsonValue, type Refusal, refuse } from './value.ts';

/** What kind of JSON value was found, without the value: it may be private. */
export function kindOf(json: JsonValue): string {
  if (json === null) return 'null';
  if (typeof json === 'string') return 'a string';
  if (typeof json === 'number' || isRawNumber(json)) return 'a number';
  if (typeof json === 'boolean') return 'a boolean';
  return Array.isArray(json) ? 'an array' : 'an object';
}

export function wrongType(expected: string, json: JsonValue): Refusal {
  return refuse('wrong_type', expected, kindOf(json));
}

/** `1 fraction digit`, `3 fraction digits`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `no fraction digits`, `at most 2 fraction digits`. */
export function atMost(count: number, noun: string): string {
  return count === 0 ? `no ${noun}s` : `at most ${counted(count, noun)}`;
}
