import type { Expression } from '../expression.ts';
import type { Type } from '../type.ts';
import { spanText } from '../../text/source.ts';
import { TRUTH } from './truth.ts';

/** For a text that holds a number or a truth value: its words without quotes, where the wanted type takes them. */
export function withoutQuotes({ kind, span }: Expression, type: Type): string | undefined {
  if (kind !== 'literal' || type.kind !== 'scalar') return undefined;
  const text = /^"([^"\\]*)"$/.exec(spanText(span))?.[1];
  if (text === undefined) return undefined;
  const fits: Readonly<Record<string, RegExp>> = {
    int: /^-?(?:0|[1-9]\d*)$/,
    bigint: /^-?(?:0|[1-9]\d*)$/,
    decimal: /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/,
    float: /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/,
  };
  const truth = type.column.name === 'bool' ? TRUTH.get(text.toLowerCase()) : undefined;
  if (truth !== undefined) return String(truth);
  return fits[type.column.name]?.test(text) === true ? text : undefined;
}
