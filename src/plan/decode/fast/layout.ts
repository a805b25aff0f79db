import type { Decoder, JsonLiteral } from '../../../types/column-type.ts';
import { isRefusal, refuse, type Value } from '../../../types/value.ts';
import type { Cursor, ReadAt } from './cursor.ts';
import type { Reading } from '../refused.ts';

/** One key of a layout: a single value, or what has a reader of its own. */
export type Part = {
  readonly key: string;
  /** The field's place in the row. */
  readonly index: number;
  readonly nullable: boolean;
} & (
  | { readonly kind: 'single'; readonly literal: JsonLiteral; readonly decode: Decoder }
  | { readonly kind: 'nested'; readonly read: ReadAt }
);

/** Fills a row from an object that is written in a layout; false where it is not, or where a value is refused. */
export type Layout = (cursor: Cursor, row: Value[], reading: Reading) => boolean;

/** What stands between a colon or a comma and the next token: nothing, or the blank of some serializers. */
const GAP = ' ?';

/**
 * Values as JSON writes them, of a text without escapes. None can match another way than at first, so that a pattern
 * which fails has looked at no character more than twice.
 */
const LITERALS: Readonly<Record<JsonLiteral, string>> = {
  string: '"([^"\\\\\\x00-\\x1f]*)"',
  digits: '(-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?)',
  number: '(-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?)',
  boolean: '(true|false)',
};

/** Engines compile a short pattern better than a long one. */
const MAX_CAPTURES = 32;

/** Numbers of fewer characters have digits that a double keeps. */
const SAFE_LENGTH = 16;

/** A run of keys that one pattern reads, and the nested value behind them. */
interface Run {
  readonly pattern: RegExp;
  readonly indexes: readonly number[];
  readonly decoders: readonly Decoder[];
  readonly nested: Extract<Part, { readonly kind: 'nested' }> | undefined;
}

/** The reader of objects with exactly these keys, in this order. */
export function compileLayout(parts: readonly Part[]): Layout {
  const runs = runsOf(parts);
  return (cursor, row, reading) => {
    for (const { pattern, indexes, decoders, nested } of runs) {
      pattern.lastIndex = cursor.at;
      const match = pattern.exec(cursor.text);
      if (match === null) return false;
      cursor.at = pattern.lastIndex;
      for (let at = 0; at < indexes.length; at += 1) {
        const text = match[at + 1];
        const value = text === undefined ? null : (decoders[at] as Decoder)(text);
        if (typeof value === 'object' && value !== null && isRefusal(value)) return false;
        row[indexes[at] as number] = value;
      }
      if (nested !== undefined) {
        const value = nestedValue(nested, cursor, reading);
        if (value === undefined) return false;
        row[nested.index] = value;
      }
    }
    return true;
  };
}

function nestedValue(
  { nullable, read }: Extract<Part, { readonly kind: 'nested' }>,
  cursor: Cursor,
  reading: Reading,
): Value | undefined {
  if (!nullable || !cursor.text.startsWith('null', cursor.at)) return read(cursor, reading);
  cursor.at += 4;
  return null;
}

function runsOf(parts: readonly Part[]): readonly Run[] {
  const runs: Run[] = [];
  let source = `\\{${GAP}`;
  let singles: { readonly index: number; readonly decode: Decoder }[] = [];
  const end = (nested: Run['nested']): void => {
    runs.push({
      pattern: new RegExp(source, 'y'),
      indexes: singles.map(({ index }) => index),
      decoders: singles.map(({ decode }) => decode),
      nested,
    });
    source = '';
    singles = [];
  };
  for (const [at, part] of parts.entries()) {
    source += `${at === 0 ? '' : `,${GAP}`}"${literally(part.key)}":${GAP}`;
    if (part.kind === 'nested') {
      end(part);
      continue;
    }
    const literal = LITERALS[part.literal];
    source += part.nullable ? `(?:${literal}|null)` : literal;
    singles.push({ index: part.index, decode: decoderOf(part.literal, part.decode) });
    if (singles.length === MAX_CAPTURES) end(undefined);
  }
  source += `${GAP}\\}`;
  end(undefined);
  return runs;
}

/** Decodes what the pattern of a literal found. */
function decoderOf(literal: JsonLiteral, decode: Decoder): Decoder {
  switch (literal) {
    case 'string':
    case 'digits':
      return decode;
    case 'number':
      return (text) =>
        (text as string).length < SAFE_LENGTH
          ? decode(Number(text))
          : refuse('too_precise', 'a short number', 'a long one');
    case 'boolean':
      return (text) => decode(text === 'true');
  }
}

/** The pattern of a text that is matched as it is. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
