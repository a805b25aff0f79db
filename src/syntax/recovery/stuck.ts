import type { IToken, TokenType } from 'chevrotain';
import type { Expected, State } from '../../../grammar/expectation.ts';
import { advance, begin, expectedIn, isComplete } from '../../../grammar/expectation.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { SourceFile, Span } from '../../text/source.ts';
import { tokenSpan } from '../lower/context.ts';
import { expectsOperator, expectsValue } from './describe.ts';
import type { Item } from './items.ts';
import { expectsItem, itemAround, startsItem } from './items.ts';
import { beginsLine, sameLine } from '../layout.ts';
import { endOf } from './virtual.ts';

/** The place in a declaration at which no file could go on as this one does. */
export interface Stuck {
  readonly file: SourceFile;
  readonly tokens: readonly IToken[];
  /** The index of the token that does not fit; the number of tokens where the declaration ends too soon. */
  readonly at: number;
  readonly found: IToken | undefined;
  readonly before: IToken | undefined;
  readonly expected: readonly Expected[];
  /** An expression may begin here. */
  readonly wantsValue: boolean;
  /** An operand has just ended: an operator could follow. */
  readonly wantsOperator: boolean;
  /** The declaration could end here. */
  readonly complete: boolean;
  /** The thing inside the braces, such as a field, in which this place lies. */
  readonly item: Item | undefined;
  /** The states before each token up to this place; the last is the one at it. Those that lie far back are empty. */
  readonly states: readonly State[];
}

/** A finding, and the change to the tokens after which the declaration can be read on. */
export interface Fix {
  readonly finding: Diagnostic;
  /** Replaces the tokens of this range, the end excluded. */
  readonly from: number;
  readonly to: number;
  readonly insert: readonly IToken[];
  /**
   * True where this is certainly what was meant, so that a further fault close by is one of its own; else the tokens only fit, and stand
   * for a guess.
   */
  readonly sure: boolean;
}

/** Knows one mistake that people make: gives nothing where it is not this one. */
export type Mistake = (stuck: Stuck) => Fix | undefined;

/** So many states before the place are kept; nobody looks further back. */
const KEPT = 1_000;
const NOTHING: State = [];

/** Goes through the tokens of one declaration; nothing where they are a whole one. */
export function findStuck(file: SourceFile, tokens: readonly IToken[]): Stuck | undefined {
  const states = [begin('declaration')];
  for (const token of tokens) {
    const next = advance(states.at(-1) ?? [], token);
    if (next.length === 0) break;
    states.push(next);
    // Each holds all that could follow it: those of a million tokens are gigabytes.
    if (states.length > KEPT) states[states.length - KEPT] = NOTHING;
  }
  const reached = states.length - 1;
  if (reached === tokens.length && isComplete(states.at(-1) ?? [])) return undefined;
  const at = [reached - 1, reached - 2].find((each) => isSwallowed(file, tokens, states, each)) ?? reached;
  const state = states[at] ?? [];
  const expected = expectedIn(state);
  return {
    file,
    tokens,
    at,
    found: tokens[at],
    before: tokens[at - 1],
    expected,
    wantsValue: expectsValue(expected),
    wantsOperator: expectsOperator(expected),
    complete: isComplete(state),
    item: itemAround(file, tokens, at, expectsItem(expected)),
    states: states.slice(0, at + 1),
  };
}

/**
 * Where something is missing at the end of a line, the beginning of the next one is taken for it:
 *
 *     total: int =
 *     note: text
 *
 * reads as `total: int = note`, and the parser wonders about the `:`. The place that is at fault is before
 * `note`: it begins an item, and was read as something else. Of `store orders {` and `ordered by (` the second word
 * was still read as a name.
 */
function isSwallowed(
  file: SourceFile,
  tokens: readonly IToken[],
  states: readonly State[],
  at: number,
): boolean {
  const token = tokens[at];
  if (token === undefined || at < 1 || !beginsLine(file, token)) return false;
  return startsItem(file, tokens, at) && !expectsItem(expectedIn(states[at] ?? []), token);
}

/** Whether the tokens could go on at this place, one after the other. */
export function fits(stuck: Stuck, ...following: readonly IToken[]): boolean {
  return following.reduce(advance, stuck.states.at(-1) ?? []).length > 0;
}

export function expects({ expected }: Pick<Stuck, 'expected'>, type: TokenType, rule?: string): boolean {
  return expected.some((option) => option.type === type && (rule === undefined || option.rule === rule));
}

/** The found token; or, where it stands on a later line or there is none, the place behind the one before. */
export function placeOf({ file, found, before }: Stuck): Span {
  if (found !== undefined && (before === undefined || sameLine(file, endOf(before), found.startOffset))) {
    return tokenSpan(file, found);
  }
  return gapOf({ file, found, before });
}

/** The place behind the token before. */
export function gapOf({ file, found, before }: Pick<Stuck, 'file' | 'found' | 'before'>): Span {
  const offset = before === undefined ? (found?.startOffset ?? file.text.length) : endOf(before);
  return { file, start: offset, end: offset };
}
