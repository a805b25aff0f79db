import type { Decoder, JsonLiteral } from '../../../types/column-type.ts';
import { isRefusal, refuse, type JsonValue, type Value } from '../../../types/value.ts';
import type { Reading } from '../refused.ts';
import { addNames, forgetNames, goBack, meetsEscape, moveTo, type Cursor, type Fill } from './cursor.ts';
import {
  captured,
  gapOf,
  literally,
  orNull,
  passed,
  passedList,
  passedText,
  type Spelling,
  type Style,
} from './literals.ts';

/** One key of an object as its text has it. */
export type Part = PassedPart | SinglePart | TextPart | NestedPart;

interface Keyed {
  readonly key: string;
  /** `Order.colour`, for a key that counts as one that no field reads. */
  readonly unknown: string | undefined;
}

export type PassedPart = Keyed & PassedValue;

/** Nothing reads it: any single value, only a string or null, a list of single values, or an object of all these. */
export type PassedValue =
  | { readonly kind: 'passed' | 'passedText' | 'passedList' }
  | { readonly kind: 'passedObject'; readonly parts: readonly PassedPart[] };

interface SinglePart extends Keyed {
  readonly kind: 'single';
  readonly single: Single;
  readonly literal: JsonLiteral;
}

/** What is captured as the text that a `json` field stores. */
interface TextPart extends Keyed {
  readonly kind: 'text';
  readonly single: Single;
  readonly value: PassedValue;
}

/** What has a reader of its own. */
interface NestedPart extends Keyed {
  readonly kind: 'nested';
  readonly fill: Fill;
}

/** A field of a type whose values are single. */
export interface Single {
  /** Its place in the row. */
  readonly index: number;
  readonly nullable: boolean;
  readonly decode: Decoder;
  /** The same for a text without escapes. */
  readonly decodePlain: Decoder;
}

/** Some keys of an object, one behind the other, which one pattern reads, and the nested value behind them. */
export interface Run {
  /** Equal for equal runs of an object. */
  readonly form: string;
  readonly patternOf: (style: Style) => RegExp;
  readonly spelling: Spelling;
  /** For a text without escapes and blanks, with escapes, with blanks, with both; made when they are first needed. */
  plain: RegExp | undefined;
  escaped: RegExp | undefined;
  blank: RegExp | undefined;
  both: RegExp | undefined;
  /** For each capture its place in the row, and how it is decoded where no escape stands in any, and where one does. */
  readonly indexes: readonly number[];
  readonly plainDecoders: readonly Decoder[];
  readonly anyDecoders: readonly Decoder[];
  /** Of the keys that no field reads. */
  readonly names: readonly string[];
  readonly nested: Fill | undefined;
}

/** Engines compile a short pattern better than a long one. */
const MAX_VALUES = 32;

/** Numbers of fewer characters have digits that a double keeps. */
const SAFE_LENGTH = 16;

interface Plan {
  readonly parts: readonly Part[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** What reads objects with exactly these keys, in this order. Runs that `known` has are taken from there. */
export function runsOf(
  parts: readonly Part[],
  spelling: Spelling,
  known: ReadonlyMap<string, Run>,
): readonly Run[] {
  return plansOf(parts).map((plan) => {
    const form = formOf(plan);
    return known.get(form) ?? newRun(form, plan, spelling);
  });
}

function plansOf(parts: readonly Part[]): readonly Plan[] {
  const groups: Part[][] = [[]];
  let values = 0;
  for (const part of parts) {
    groups.at(-1)?.push(part);
    values += valuesIn(part);
    if (part.kind !== 'nested' && values < MAX_VALUES) continue;
    groups.push([]);
    values = 0;
  }
  return groups.map((group, at) => ({ parts: group, isFirst: at === 0, isLast: at === groups.length - 1 }));
}

/** How many single values the pattern of a key matches. */
export function valuesIn(part: Part | PassedValue): number {
  if (part.kind === 'text') return valuesIn(part.value);
  if (part.kind !== 'passedObject') return 1;
  return part.parts.reduce((sum, each) => sum + valuesIn(each), 1);
}

function formOf({ parts, isFirst, isLast }: Plan): string {
  return [isFirst ? '{' : ',', ...parts.map(formOfPart), isLast ? '}' : ''].join('\n');
}

function formOfPart(part: Part): string {
  const form = part.kind === 'text' ? `text ${formOfValue(part.value)}` : formOfValue(part);
  return `${JSON.stringify(part.key)} ${form}`;
}

function formOfValue(value: PassedValue | SinglePart | NestedPart): string {
  if (value.kind === 'passedObject') return `{${value.parts.map(formOfPart).join()}}`;
  return value.kind === 'single' ? value.literal : value.kind;
}

function patternOf({ parts, isFirst, isLast }: Plan, style: Style): RegExp {
  const gap = gapOf(style);
  const begin = isFirst ? `\\{${gap}` : parts.length > 0 ? `,${gap}` : '';
  return new RegExp(begin + membersOf(parts, style) + (isLast ? `${gap}\\}` : ''), 'y');
}

function membersOf(parts: readonly Part[], style: Style): string {
  const gap = gapOf(style);
  return parts.map((part) => `"${literally(part.key)}":${gap}${valueOf(part, style)}`).join(`,${gap}`);
}

function valueOf(part: Part | PassedValue, style: Style): string {
  switch (part.kind) {
    case 'nested':
      return '';
    case 'passed':
      return passed(style);
    case 'passedText':
      return passedText(style);
    case 'passedList':
      return passedList(style);
    case 'text': {
      const value = `(${valueOf(part.value, { ...style, spelling: 'stored', blanks: false })})`;
      return part.single.nullable ? orNull(value) : value;
    }
    case 'passedObject':
      return `\\{${gapOf(style)}${membersOf(part.parts, style)}${gapOf(style)}\\}`;
    case 'single': {
      const value = captured(part.literal, style);
      return part.single.nullable ? orNull(value) : value;
    }
  }
}

function newRun(form: string, plan: Plan, spelling: Spelling): Run {
  const singles = plan.parts.flatMap((part) =>
    part.kind === 'single' || part.kind === 'text' ? [part] : [],
  );
  const last = plan.parts.at(-1);
  return {
    form,
    patternOf: (style) => patternOf(plan, style),
    spelling,
    ...{ plain: undefined, escaped: undefined, blank: undefined, both: undefined },
    indexes: singles.map(({ single }) => single.index),
    plainDecoders: singles.map((part) =>
      part.kind === 'text' ? part.single.decodePlain : plainDecoder(part),
    ),
    anyDecoders: singles.map((part) => (part.kind === 'text' ? part.single.decode : anyDecoder(part))),
    names: plan.parts.flatMap(({ unknown }) => (unknown === undefined ? [] : [unknown])),
    nested: last?.kind === 'nested' ? last.fill : undefined,
  };
}

/** Reads what a run is about; false, with the cursor where it was, where it is written in another way. */
export function readRun(run: Run, cursor: Cursor, row: Value[], reading: Reading): boolean {
  if (--cursor.tries < 0) return false;
  const { at, escape } = cursor;
  // Most texts, and most parts of the others, have no escape.
  if (!matchRun(run, patternFor(run, false, cursor.blanks), run.plainDecoders, cursor, row)) {
    if (!meetsEscape(cursor)) return false;
    if (!matchRun(run, patternFor(run, true, cursor.blanks), run.anyDecoders, cursor, row)) return false;
  }
  const { nested } = run;
  if (nested === undefined) {
    if (run.names.length > 0) addNames(cursor.names, run.names);
    return true;
  }
  const { names, deferred } = cursor;
  const { count, first } = names;
  const named = first.length;
  const kept = deferred.length;
  if (run.names.length > 0) addNames(names, run.names);
  if (nested(cursor, row, reading)) return true;
  goBack(cursor, at, escape);
  forgetNames(cursor, count, named, kept);
  return false;
}

function matchRun(
  { indexes }: Run,
  pattern: RegExp,
  decoders: readonly Decoder[],
  cursor: Cursor,
  row: Value[],
): boolean {
  pattern.lastIndex = cursor.at;
  if (indexes.length === 0) {
    if (!pattern.test(cursor.text)) return false;
  } else {
    const match = pattern.exec(cursor.text);
    if (match === null || !decode(match, decoders, indexes, row)) return false;
  }
  moveTo(cursor, pattern.lastIndex);
  return true;
}

function patternFor(run: Run, escapes: boolean, blanks: boolean): RegExp {
  const { spelling, patternOf: make } = run;
  if (!blanks || spelling === 'stored') {
    if (!escapes) return (run.plain ??= make({ spelling, escapes, blanks: false }));
    return (run.escaped ??= make({ spelling, escapes, blanks: false }));
  }
  if (!escapes) return (run.blank ??= make({ spelling, escapes, blanks }));
  return (run.both ??= make({ spelling, escapes, blanks }));
}

function decode(
  match: readonly (string | undefined)[],
  decoders: readonly Decoder[],
  indexes: readonly number[],
  row: Value[],
): boolean {
  for (let at = 0; at < indexes.length; at += 1) {
    const text = match[at + 1];
    const value = text === undefined ? null : (decoders[at] as Decoder)(text);
    if (typeof value === 'object' && value !== null && isRefusal(value)) return false;
    row[indexes[at] as number] = value;
  }
  return true;
}

/** Decodes what the pattern of a literal found. */
function plainDecoder({ literal, single: { decodePlain } }: SinglePart): Decoder {
  switch (literal) {
    case 'string':
    case 'digits':
      return decodePlain;
    case 'number':
      return (text) =>
        (text as string).length < SAFE_LENGTH
          ? decodePlain(Number(text))
          : refuse('too_precise', 'a short number', 'a long one');
    case 'boolean':
      return (text) => decodePlain(text === 'true');
  }
}

/** The same where an escape stands in one of the values. */
function anyDecoder(part: SinglePart): Decoder {
  const plain = plainDecoder(part);
  const { literal, single } = part;
  if (literal !== 'string') return plain;
  return (text) =>
    (text as string).includes('\\')
      ? single.decode(JSON.parse(`"${text as string}"`) as JsonValue)
      : plain(text);
}
