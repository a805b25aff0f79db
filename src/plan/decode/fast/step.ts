import type { BytesDecoder, Decoder, DigitsDecoder } from '../../../types/column-type.ts';
import { refuse } from '../../../types/value.ts';
import type { Part, PassedValue, SinglePart, TextPart } from './part.ts';

/**
 * One value of an object, and what is written before it: keys, quotes, braces. All steps have the same form, because the engine reads objects
 * of one form faster.
 */
export interface Step {
  readonly kind: StepKind;
  /** What is written before it, with `GAP` wherever a blank may stand. */
  readonly before: string;
  /** The same without blanks, or with one behind each colon and comma: how many characters, and in which words. */
  readonly length: number;
  readonly firstWord: number;
  readonly lastWord: number;
  /** Where the value goes. */
  readonly index: number;
  readonly nullable: boolean;
  /** For the text of a string or of digits. */
  readonly decode: Decoder;
  /** For a string with escapes, once these are decoded. */
  readonly decodeEscaped: Decoder;
  /** For digits that are read on the way. */
  readonly decodeDigits: DigitsDecoder | undefined;
  /** For a string without escapes, in its bytes. */
  readonly decodeBytes: BytesDecoder | undefined;
  /** For a text that is made of what these read. */
  readonly inside: Reader | undefined;
}

export type StepKind =
  | typeof NOTHING
  | typeof STRING
  | typeof NUMBER
  | typeof BOOLEAN
  | typeof TEXT
  | typeof PASSED_TEXT
  | typeof PASSED_SINGLE
  | typeof PASSED_LIST;

/** No value: the end of an object, or one that has a reader of its own. */
export const NOTHING = 0;
/** Goes into a field. */
export const STRING = 1;
export const NUMBER = 2;
export const BOOLEAN = 3;
/** Goes into a `json` field as it is written. */
export const TEXT = 4;
/** Nothing reads it: a string or null, any single value, or a list of these. */
export const PASSED_TEXT = 5;
export const PASSED_SINGLE = 6;
export const PASSED_LIST = 7;

/** What reads values that stand one behind the other. */
export interface Reader {
  readonly steps: readonly Step[];
  /**
   * What is written before each step, four bytes in each number, the last of which overlaps the one before. A step has none of them where it has
   * fewer bytes before it, or some that are not ASCII.
   */
  readonly words: Int32Array;
  readonly style: Style;
}

/** How a text may be written. */
export interface Style {
  /** Only as `JSON.stringify` writes what was read. */
  readonly stored: boolean;
  /** With a blank behind colons and commas, each of which may be left out. */
  readonly blanks: boolean;
}

/** No key that is written without an escape has one. */
export const GAP = '\n';

export interface Whole {
  readonly parts: readonly Part[];
  /** Whether an object begins and ends with these. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** What reads these keys, one behind the other. */
export function readerOf({ parts, isFirst, isLast }: Whole, style: Style): Reader {
  const made = startReader(style, isFirst ? `{${GAP}` : '');
  addMembers(parts, made, isFirst ? '' : `,${GAP}`);
  made.text += isLast ? `${GAP}}` : '';
  return endReader(made);
}

/** A reader that is being made, and what stands before its next value. */
interface Made {
  readonly steps: Step[];
  readonly words: number[];
  readonly style: Style;
  text: string;
}

function startReader(style: Style, text: string): Made {
  return { steps: [], words: [], style, text };
}

function endReader(made: Made): Reader {
  if (made.text !== '') add(made, { kind: NOTHING });
  return { steps: made.steps, words: Int32Array.from(made.words), style: made.style };
}

function addMembers(parts: readonly Part[], made: Made, before: string): void {
  let between = before;
  for (const part of parts) {
    made.text += `${between}"${part.key}":${GAP}`;
    between = `,${GAP}`;
    addValue(part, made);
  }
}

function addValue(part: Part | PassedValue, made: Made): void {
  switch (part.kind) {
    case 'nested':
      return;
    case 'passed':
      return add(made, { kind: PASSED_SINGLE });
    case 'passedText':
      return add(made, { kind: PASSED_TEXT });
    case 'passedList':
      return add(made, { kind: PASSED_LIST });
    case 'passedObject':
      made.text += `{${GAP}`;
      addMembers(part.parts, made, '');
      made.text += `${GAP}}`;
      return;
    case 'text':
      return add(made, textStep(part));
    case 'single':
      return add(made, singleStep(part));
  }
}

function add(made: Made, step: Partial<Step> & Pick<Step, 'kind'>): void {
  const { kind, index = -1, nullable = false, decodeDigits, decodeBytes, inside } = step;
  const { decode = neverAsked, decodeEscaped = neverAsked } = step;
  const { words, style } = made;
  const before = made.text;
  made.text = '';
  const text = (style.blanks ? before.replaceAll(/([,:])\n/g, '$1 ') : before).replaceAll(GAP, '');
  const firstWord = words.length;
  words.push(...wordsOf(text));
  const literal = { before, length: text.length, firstWord, lastWord: words.length - 1 };
  made.steps.push({
    kind,
    ...literal,
    index,
    nullable,
    decode,
    decodeEscaped,
    decodeDigits,
    decodeBytes,
    inside,
  });
}

const neverAsked: Decoder = () => refuse('failed', 'a value of a field', 'another');

const STORED: Style = { stored: true, blanks: false };

function textStep({ single, value }: TextPart): Partial<Step> & Pick<Step, 'kind'> {
  const inside = startReader(STORED, '');
  addValue(value, inside);
  const { index, nullable, decodePlain } = single;
  return { kind: TEXT, index, nullable, decode: decodePlain, inside: endReader(inside) };
}

function singleStep({ single, literal }: SinglePart): Partial<Step> & Pick<Step, 'kind'> {
  const { index, nullable, decode, decodePlain, decodeDigits, decodeBytes } = single;
  const field = { index, nullable, decodeEscaped: decode };
  switch (literal) {
    case 'string':
      return { ...field, kind: STRING, decode: decodePlain, decodeBytes };
    case 'digits':
      return { ...field, kind: NUMBER, decode: decodePlain, decodeDigits };
    case 'number':
      return { ...field, kind: NUMBER, decode: ofShortNumber(decodePlain), decodeDigits };
    case 'boolean':
      return { ...field, kind: BOOLEAN, decode: decodePlain };
  }
}

/** Numbers of fewer characters have digits that a double keeps. */
const SAFE_LENGTH = 16;

function ofShortNumber(decode: Decoder): Decoder {
  return (text) =>
    (text as string).length < SAFE_LENGTH
      ? decode(Number(text))
      : refuse('too_precise', 'a short number', 'a long one');
}

const WORD = 4;
const NOT_ASCII = /[^\0-\x7f]/;

function wordsOf(text: string): readonly number[] {
  const { length } = text;
  if (length < WORD || NOT_ASCII.test(text)) return [];
  return Array.from({ length: Math.ceil(length / WORD) }, (_, each) => {
    const at = Math.min(each * WORD, length - WORD);
    let word = 0;
    for (let byte = WORD - 1; byte >= 0; byte -= 1) word = (word << 8) | text.charCodeAt(at + byte);
    return word;
  });
}
