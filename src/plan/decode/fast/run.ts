import type { Value } from '../../../types/value.ts';
import type { Reading } from '../refused.ts';
import { addNames, forgetNames, type Cursor, type Fill } from './cursor.ts';
import type { Spelling } from './spelling.ts';
import { valuesIn, type NestedPart, type Part, type PassedValue, type SinglePart } from './part.ts';
import { scan } from './scan.ts';
import { readerOf, type Reader, type Whole } from './step.ts';

/** Some keys of an object, one behind the other, which are read at once, and the nested value behind them. */
export interface Run {
  /** Equal for equal runs of an object. */
  readonly form: string;
  readonly readerOf: (blanks: boolean) => Reader;
  /** For a text without blanks, and for one with; made when they are first needed. */
  compact: Reader | undefined;
  spaced: Reader | undefined;
  /** Of the keys that no field reads. */
  readonly names: readonly string[];
  readonly nested: Fill | undefined;
}

/** Layouts of an object that differ further on have the runs before in common. */
const MAX_VALUES = 32;

/** What reads objects with exactly these keys, in this order. Runs that `known` has are taken from there. */
export function runsOf(
  parts: readonly Part[],
  spelling: Spelling,
  known: ReadonlyMap<string, Run>,
): readonly Run[] {
  return wholesOf(parts).map((whole) => {
    const form = formOf(whole);
    return known.get(form) ?? newRun(form, whole, spelling);
  });
}

function wholesOf(parts: readonly Part[]): readonly Whole[] {
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

function formOf({ parts, isFirst, isLast }: Whole): string {
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

function newRun(form: string, whole: Whole, spelling: Spelling): Run {
  const last = whole.parts.at(-1);
  const stored = spelling === 'stored';
  return {
    form,
    readerOf: (blanks) => readerOf(whole, { stored, blanks: blanks && !stored }),
    ...{ compact: undefined, spaced: undefined },
    names: whole.parts.flatMap(({ unknown }) => (unknown === undefined ? [] : [unknown])),
    nested: last?.kind === 'nested' ? last.fill : undefined,
  };
}

/** Reads what a run is about; false, with the cursor where it was, where it is written in another way. */
export function readRun(run: Run, cursor: Cursor, row: Value[], reading: Reading): boolean {
  if (--cursor.tries < 0) return false;
  const { at } = cursor;
  const { nested } = run;
  const reader = cursor.blanks ? (run.spaced ??= run.readerOf(true)) : (run.compact ??= run.readerOf(false));
  const end = scan(reader, at, cursor.text, row);
  if (end < 0) return false;
  cursor.at = end;
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
  cursor.at = at;
  forgetNames(cursor, count, named, kept);
  return false;
}
