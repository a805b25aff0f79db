import type { Value } from '../types/value.ts';
import type { NoResult } from './support/no-result.ts';
import type { Pattern } from './support/pattern.ts';
import type { ValueType } from './support/value-type.ts';

/** One function of the language: everything that the checker, the plan and the reference know of it. */
export interface FunctionDefinition {
  /** As a program calls it. */
  readonly name: string;
  /** Where the reference shows it. */
  readonly group: FunctionGroup;
  /** Markdown for the reference; the first sentence stands alone. */
  readonly doc: string;
  readonly parameters: readonly Parameter[];
  /** What of `meta` the call is given in place of arguments; it has no parameters then. */
  readonly given?: 'received_at';
  /** The result's type as the reference shows it: `text(n)?`. */
  readonly returns: string;
  /** What a message must hold for the call to reject it, as in `the text is not a date`; absent where it never does. */
  readonly fails?: string;
  /** `seen`: the function takes nulls. Otherwise a null argument makes the result null and nothing runs. */
  readonly nulls?: 'seen';
  /** `false` where the same message may give another value when it arrives again, so that it is no key. */
  readonly repeatable?: false;
  /**
   * The call with arguments of these types, as many and of such types as the parameters say: the type of its result
   * and how to compute it, or what is wrong with them. Called while checking and again while compiling.
   */
  readonly resolve: (call: Arguments) => Resolution;
  /**
   * Whole numbers to add to the arguments where a field of a type takes the result; the call then has that type. For a
   * function whose result has digits that may be left unsaid.
   */
  readonly adapt?: (call: Arguments, asked: ValueType) => readonly number[];
  /** Run as tests and shown in the reference. */
  readonly examples: readonly Example[];
}

export type FunctionGroup =
  | 'text'
  | 'numbers'
  | 'conversions'
  | 'dates'
  | 'lists'
  | 'identity'
  | 'json'
  | 'patterns'
  | 'hl7';

export interface Parameter {
  readonly name: string;
  readonly takes: Pattern;
  /** May be left out; only parameters without it stand before it. */
  readonly optional?: true;
  /** Stands for one or more arguments; the last parameter. */
  readonly repeated?: true;
  /** Must be written out, as `"yyyyMMdd"`, so that a bad one is found before anything runs. */
  readonly literal?: true;
  /** Arguments of parameters with this mark are converted to the one type that all of them fit. */
  readonly common?: true;
}

/** The arguments of one call, in order. */
export type Arguments = readonly Argument[];

export interface Argument {
  readonly type: ValueType;
  /** Of an argument that is written out. */
  readonly literal?: Value;
}

export type Resolution = Resolved | Problem;

export interface Resolved {
  readonly kind: 'resolved';
  readonly type: ValueType;
  /** The result may be null although no argument is. */
  readonly nullable: boolean;
  /** Takes the arguments' values, of their types. Without `nulls: 'seen'` none of them is null. */
  readonly run: (...values: never[]) => Value | NoResult;
}

/** What is wrong with a call whose arguments have the right types. */
export interface Problem {
  readonly kind: 'problem';
  /** Which argument; absent for the whole call. */
  readonly argument?: number;
  /** Stands alone, one sentence without a full stop. */
  readonly message: string;
  readonly help?: string;
}

export function resolved(type: ValueType, run: Resolved['run']): Resolved {
  return { kind: 'resolved', type, nullable: false, run };
}

/** As `resolved`, for a result that may be null although no argument is. */
export function resolvedNullable(type: ValueType, run: Resolved['run']): Resolved {
  return { kind: 'resolved', type, nullable: true, run };
}

export function problem(argument: number, message: string, help?: string): Problem {
  return { kind: 'problem', argument, message, ...(help === undefined ? {} : { help }) };
}

/** A call as a program writes it, and what comes of it. */
export interface Example {
  readonly call: string;
  /** Fields of the message that the call reads, `note: text?`, and that message. */
  readonly fields?: string;
  readonly message?: string;
  readonly gives: Outcome;
}

/** The value as `nomnom eval` prints it, decimals and bigints as strings; or the reason of a rejection. */
export type Outcome = string | number | boolean | null | readonly Outcome[] | { readonly rejected: string };
