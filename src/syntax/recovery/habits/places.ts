import type { IToken, TokenType } from 'chevrotain';
import * as t from '../../../../grammar/tokens.ts';
import { reserved, reservedWords, word } from '../../../../grammar/tokens.ts';
import { spanText } from '../../../text/source.ts';
import { isName } from '../../is-name.ts';
import { beginsLine, sameLine } from '../../layout.ts';
import type { Place } from './habit.ts';
import { spanOf } from './habit.ts';

/** What the file has from one token to another, both included. */
export function written(place: Place, from: number, last: number): string {
  return spanText(spanOf(place, from, last));
}

const MEMBERS = new Set([word.entity, word.shape, word.derive, word.lookup]);

/** Whether a place lies in a declaration that has fields. */
export function inMembers({ tokens, at }: Place): boolean {
  const first = tokens[0];
  return at > 1 && first !== undefined && MEMBERS.has(first.tokenType);
}

/** For each place between tokens how many braces are open, and the index of the innermost `{`; -1 where none is. */
interface Braces {
  readonly depths: readonly number[];
  readonly open: readonly number[];
}

const known = new WeakMap<readonly IToken[], Braces>();

/** Read once for a list of tokens: each habit asks at each of them. */
function bracesOf(tokens: readonly IToken[]): Braces {
  const before = known.get(tokens);
  if (before !== undefined) return before;
  const [depths, open, stack]: [number[], number[], number[]] = [[], [], []];
  let depth = 0;
  for (const [at, { tokenType }] of tokens.entries()) {
    depths.push(depth);
    open.push(stack.at(-1) ?? -1);
    if (tokenType === t.LeftCurly) stack.push(at);
    if (tokenType === t.RightCurly) stack.pop();
    depth += tokenType === t.LeftCurly ? 1 : tokenType === t.RightCurly ? -1 : 0;
  }
  depths.push(depth);
  open.push(stack.at(-1) ?? -1);
  const braces = { depths, open };
  known.set(tokens, braces);
  return braces;
}

/** Whether a place lies in the braces of a `store`. */
export function inStore({ tokens, at }: Place): boolean {
  const open = bracesOf(tokens).open[at] ?? -1;
  if (open < 0) return false;
  return tokens.slice(Math.max(open - 5, 0), open).some(({ tokenType }) => tokenType === word.store);
}

/** How many braces are open before a place. */
export function depthAt({ tokens, at }: Place): number {
  return bracesOf(tokens).depths[at] ?? 0;
}

/** The index of the last token of a line before a bracket closes what was open. */
export function lastOfLine({ file, tokens }: Place, at: number): number {
  let depth = 0;
  let last = at;
  for (let index = at; index < tokens.length; index += 1) {
    const [before, token] = [tokens[index - 1], tokens[index]];
    if (token === undefined) break;
    if (index > at && before !== undefined && !sameLine(file, before.startOffset, token.startOffset)) break;
    if (OPENS.has(token.tokenType)) depth += 1;
    if (CLOSES.has(token.tokenType)) depth -= 1;
    if (depth < 0) break;
    last = index;
  }
  return last;
}

const OPENS = new Set<TokenType>([t.LeftCurly, t.LeftParen, t.LeftSquare]);
const CLOSES = new Set<TokenType>([t.RightCurly, t.RightParen, t.RightSquare]);

const OPERAND_ENDS = new Set<TokenType>([
  ...[t.Identifier, t.TextLiteral, t.NumberLiteral, t.DurationLiteral],
  ...[t.RightParen, t.RightSquare, t.RightCurly, t.Question, reserved.true, reserved.false, reserved.null],
]);

/** Whether a value can end with a token. */
export function endsOperand(token: IToken | undefined): boolean {
  if (token === undefined || BEFORE_VALUE.has(token.tokenType)) return false;
  return OPERAND_ENDS.has(token.tokenType) || isName(token);
}

/** What a value follows. */
export const BEFORE_VALUE = new Set<TokenType | undefined>([
  ...[
    t.Equal,
    t.LeftParen,
    t.Comma,
    t.Arrow,
    reserved.then,
    reserved.else,
    word.where,
    word.when,
    word.check,
  ],
]);

/** Whether a value begins at an index. */
export function beginsValue(tokens: readonly IToken[], at: number): boolean {
  return BEFORE_VALUE.has(tokens[at - 1]?.tokenType);
}

/** Whether the innermost open brace is that of a `match`. */
export function inMatch({ tokens, at }: Place): boolean {
  const open = bracesOf(tokens).open[at] ?? -1;
  return open >= 0 && isMatch(tokens, open);
}

/** Whether a `{` follows `match value`. */
function isMatch(tokens: readonly IToken[], open: number): boolean {
  for (let index = open - 1; index > 0; index -= 1) {
    const type = tokens[index]?.tokenType;
    if (type === reserved.match) return true;
    if (type === t.LeftCurly || type === t.RightCurly || type === t.Equal) return false;
  }
  return false;
}

/** Whether a member can begin at a place: on a line of its own, or right behind the one before. */
export function beginsMember({ file, tokens, at }: Place): boolean {
  const [before, token] = [tokens[at - 1], tokens[at]];
  if (token === undefined) return false;
  return beginsLine(file, token) || before?.tokenType === t.LeftCurly || endsOperand(before);
}

/** The index at which a path such as `o.lines` begins that ends at an index; nothing where none ends there. */
export function pathBefore(tokens: readonly IToken[], last: number): number | undefined {
  if (!isName(tokens[last])) return undefined;
  let from = last;
  while (isDot(tokens[from - 1]) && isName(tokens[from - 2])) from -= 2;
  return from;
}

/** The index at which a path ends that begins at an index. */
export function pathFrom(tokens: readonly IToken[], from: number): number | undefined {
  if (!isName(tokens[from])) return undefined;
  let last = from;
  while (isDot(tokens[last + 1]) && isName(tokens[last + 2])) last += 2;
  return last;
}

function isDot(token: IToken | undefined): boolean {
  return token?.tokenType === t.Dot || token?.tokenType === t.QuestionDot;
}

const RESERVED: ReadonlySet<string> = new Set(reservedWords);

/** Any text as a name. */
export function asName(text: string): string {
  const name = text
    .trim()
    .replaceAll(/\W+/g, '_')
    .replace(/^(?=\d)/, '_');
  if (name === '') return '_';
  return RESERVED.has(name) ? `${name}_value` : name;
}
