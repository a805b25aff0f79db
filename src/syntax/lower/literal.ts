import type { IToken } from 'chevrotain';
import type { LiteralCst } from '../../../grammar/cst.ts';
import type { SourceFile } from '../../text/source.ts';
import type { DurationLiteral, LiteralTree, NumberLiteral } from '../expression-tree.ts';
import { between, only, textOf, tokenSpan } from './context.ts';

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const BYTES: Readonly<Record<string, number>> = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** The units that may stand behind a number, for findings. */
export const durationUnits = Object.keys(MILLISECONDS);
export const sizeUnits = Object.keys(BYTES);

function measure(image: string, units: Readonly<Record<string, number>>): number {
  const digits = /^[0-9]+/.exec(image)?.[0] ?? '';
  return Number(digits) * (units[image.slice(digits.length)] ?? Number.NaN);
}

export function durationOf(file: SourceFile, token: IToken): DurationLiteral {
  return {
    kind: 'duration',
    milliseconds: measure(token.image, MILLISECONDS),
    span: tokenSpan(file, token),
  };
}

export function numberOf(file: SourceFile, digits: IToken, minus?: IToken): NumberLiteral {
  return minus === undefined
    ? { kind: 'number', text: digits.image, span: tokenSpan(file, digits) }
    : { kind: 'number', text: `-${digits.image}`, span: between(file, minus, digits) };
}

/** `true`, `false` or `null`. */
export function constantOf(
  file: SourceFile,
  token: IToken,
): Extract<LiteralTree, { kind: 'boolean' | 'null' }> {
  const span = tokenSpan(file, token);
  return token.image === 'null'
    ? { kind: 'null', span }
    : { kind: 'boolean', value: token.image === 'true', span };
}

export function stringOf(file: SourceFile, token: IToken): Extract<LiteralTree, { kind: 'string' }> {
  return { kind: 'string', ...textOf(file, token) };
}

export function literalOf(file: SourceFile, { children }: LiteralCst): LiteralTree {
  const { text, number, minus, duration, size, constant, word, list, literal, last } = children;
  if (text !== undefined) return stringOf(file, only(text));
  if (number !== undefined) return numberOf(file, only(number), minus?.[0]);
  if (duration !== undefined) {
    const from = durationOf(file, only(duration));
    const end = duration[1];
    if (end === undefined) return from;
    return {
      kind: 'range',
      from,
      to: durationOf(file, end),
      span: between(file, only(duration), end),
    };
  }
  if (size !== undefined) {
    return { kind: 'size', bytes: measure(only(size).image, BYTES), span: tokenSpan(file, only(size)) };
  }
  if (constant !== undefined) return constantOf(file, only(constant));
  if (word !== undefined) {
    return { kind: 'word', value: only(word).image, span: tokenSpan(file, only(word)) };
  }
  const items = (literal ?? []).map((item) => literalOf(file, item));
  return { kind: 'list', items, span: between(file, only(list), only(last)) };
}
