import type { IToken } from 'chevrotain';
import type { DeclarationCst } from '../../../grammar/cst.ts';
import { read } from '../../../grammar/parser.ts';
import type { StrayText } from '../../../grammar/tokens.ts';
import { LeftCurly, mistakes } from '../../../grammar/tokens.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { positionAt } from '../../text/source.ts';
import { tokenSpan } from '../lower/context.ts';
import { TOO_DEEP } from '../codes/expressions.ts';
import { SEPARATOR } from '../codes/structure.ts';
import { balanceBraces } from './braces.ts';
import type { Chunk } from '../chunks.ts';
import { tooDeepAt } from '../depth.ts';
import { withoutHabits } from './habits.ts';
import { fixOf } from './mistakes.ts';
import { droppedItem } from './mistakes/unexpected.ts';
import { expectsItem } from './items.ts';
import type { Fix, Stuck } from './stuck.ts';
import { findStuck, placeOf } from './stuck.ts';
import { sameLine } from '../layout.ts';
import { merged } from '../merge.ts';
import { endOf } from './virtual.ts';
import { closeTexts } from './missing-quote.ts';
import { withSigns } from './signs.ts';
import { spliced } from './spliced.ts';
import { fixWords } from './words.ts';

export interface Recovered {
  /** The declaration after all fixes; nothing where none was left to read. */
  readonly cst: DeclarationCst | undefined;
  readonly findings: readonly Diagnostic[];
  /** Whether anything was guessed: else the declaration says what was meant, and more may be found in it. */
  readonly guessed: boolean;
}

/** So many findings a declaration gives; what would follow is left for the next run. */
const MAX_FINDINGS = 20;
/** So many tokens are read anew after fixes; then the rest of a declaration is left for the next run too. */
const MOST_READ = 2_000_000;

/**
 * Reads the tokens of one declaration that may be faulty: finds the first place that does not fit, reports it,
 * fixes the tokens there, and goes on, until all that is left fits. A fault close to a guess is fixed without
 * a word, as it may well be the guess that is wrong.
 */
export function recoverDeclaration(file: SourceFile, chunk: Chunk, own: readonly StrayText[]): Recovered {
  const deep = tooDeepAt(chunk.tokens);
  if (deep !== undefined) {
    const message =
      'this is nested too deeply; brackets can be nested 100 levels deep and 1000 operators can be chained';
    return {
      cst: undefined,
      guessed: true,
      findings: [
        ...fixWords(file, chunk.tokens, own).findings,
        finding(TOO_DEEP, tokenSpan(file, deep), message, {
          help: 'give a part of it a name: a field or a function of its own',
        }),
      ],
    };
  }
  const texts = closeTexts(file, chunk.tokens);
  const readable = own.length === 0 && findStuck(file, texts.tokens) === undefined;
  const habits = withoutHabits(file, texts.tokens, readable);
  const uncovered = own.filter(
    ({ start }) => !habits.findings.some(({ primary: { span } }) => span.start <= start && start < span.end),
  );
  const signs = withSigns(file, habits.tokens, uncovered);
  const words = fixWords(file, signs.tokens, signs.strays);
  const findings = [...merged([...texts.findings, ...habits.findings, ...signs.findings, ...words.findings])];
  // What comes next would say the same in other words.
  if (habits.stopped) return { cst: undefined, guessed: true, findings };
  const balanced = balanceBraces(file, words.tokens);
  // A text that is never closed may hold the brace that seems to be missing.
  // So may a comment that is never closed.
  const isOpen = chunk.tokens.some(({ tokenType }) => tokenType === mistakes.openComment);
  if (words.tainted.length === 0 && !isOpen) findings.push(...balanced.findings);
  const guesses: Guesses = {
    tokens: new Set([...words.tainted, ...habits.guessed]),
    lines: new Set([
      ...balanced.findings.map(({ primary }) => lineOf(file, primary.span.start)),
      ...words.tainted.map(({ startOffset }) => lineOf(file, startOffset)),
      ...signs.strays.map(({ start }) => lineOf(file, start)),
    ]),
    braces: balanced.findings.length > 0,
  };
  const certain =
    signs.strays.length === 0 && habits.guessed.length === 0 && words.tainted.length === 0 && !guesses.braces;
  // Of what could be read only texts have changed.
  const fixed =
    readable && certain && habits.findings.length === 0
      ? { tokens: balanced.tokens, sure: true }
      : fixTokens(file, balanced.tokens, guesses, findings);
  return {
    cst: fixed.tokens.length === 0 ? undefined : parse(fixed.tokens),
    findings,
    guessed: !certain || !fixed.sure,
  };
}

/** Where something was guessed: what is wrong there may be wrong because of the guess. */
interface Guesses {
  readonly tokens: Set<IToken>;
  readonly lines: Set<number>;
  /** Whether a brace was put in or left out. */
  readonly braces: boolean;
}

interface Fixed {
  readonly tokens: readonly IToken[];
  /** Whether every fix is certainly what was meant. */
  readonly sure: boolean;
}

function fixTokens(
  file: SourceFile,
  tokens: readonly IToken[],
  guesses: Guesses,
  findings: Diagnostic[],
): Fixed {
  let rest = tokens;
  let sure = true;
  let fixedAt = Number.NEGATIVE_INFINITY;
  let read = 0;
  while (rest.length > 0) {
    read += rest.length;
    if (read > MOST_READ && read > rest.length) return { tokens: [], sure: false };
    const stuck = findStuck(file, rest);
    if (stuck === undefined) return { tokens: rest, sure };
    if (findings.length >= MAX_FINDINGS || followsFromGuess(stuck, guesses)) {
      rest = leaveOut(stuck);
      sure = false;
      continue;
    }
    const fix = fixOf(stuck);
    const known = isHabit(fix.finding, findings);
    // What stands right behind a fix and does not fit shows that something else was meant.
    if (stuck.at <= fixedAt + 2 && fix.finding.code !== SEPARATOR.code) {
      rest = leaveOut(stuck);
      sure = false;
      continue;
    }
    if (!known) findings.push(fix.finding);
    rest = apply(file, rest, fix);
    // What follows commas that went is as it was written.
    const same = fix.insert.length === 0 || fix.finding.code === SEPARATOR.code;
    fixedAt = same ? Number.NEGATIVE_INFINITY : fix.from + fix.insert.length - 1;
    sure &&= fix.sure;
    if (!fix.sure) noteGuess(stuck, fix, guesses);
  }
  return { tokens: rest, sure: false };
}

function noteGuess(stuck: Stuck, { finding: { primary }, insert }: Fix, { tokens, lines }: Guesses): void {
  const { file, before, found } = stuck;
  for (const token of [before, ...insert]) if (token !== undefined) tokens.add(token);
  // What stands on the next line is no part of the guess.
  if (found !== undefined && standsBeside(stuck)) tokens.add(found);
  lines.add(lineOf(file, primary.span.start));
}

/** Whether a guess was made in the item that is stuck, on its line, or right before one that begins here. */
function followsFromGuess(stuck: Stuck, guesses: Guesses): boolean {
  const { file, tokens, at, item, expected, found, complete } = stuck;
  const made = found !== undefined && endOf(found) === found.startOffset;
  if (made || (complete && guesses.braces)) return true;
  if (guesses.lines.has(lineOf(file, placeOf(stuck).start))) return true;
  const from = expectsItem(expected) || item === undefined ? at - 1 : item.from;
  const to = Math.max(item?.to ?? at + 1, at + 1);
  return tokens.slice(Math.max(from, 0), to).some((token) => guesses.tokens.has(token));
}

function lineOf(file: SourceFile, offset: number): number {
  return positionAt(file, offset).line;
}

/** Drops the item, or else the token, or else the end of the declaration. */
function leaveOut({ tokens, at, item, found, complete }: Stuck): readonly IToken[] {
  if (complete) return tokens.slice(0, at);
  const edit = droppedItem(tokens, item, at);
  const left = tokens.slice(edit.from, edit.to);
  // A header that is the least already cannot be made less: then the token itself has to go.
  const same =
    left.length === edit.insert.length && left.every((token, index) => isAlike(token, edit.insert[index]));
  if (!same) return spliced(tokens, edit.from, edit.from + left.length, edit.insert);
  return found === undefined ? [] : tokens.toSpliced(at, 1);
}

function isAlike(left: IToken, right: IToken | undefined): boolean {
  return left.tokenType === right?.tokenType && left.startOffset === right.startOffset;
}

function standsBeside({ file, before, found }: Stuck): boolean {
  return before === undefined || found === undefined || sameLine(file, endOf(before), found.startOffset);
}

/** The habit of a separator is one mistake, however often it shows. */
function isHabit({ code, message }: Diagnostic, findings: readonly Diagnostic[]): boolean {
  return (
    code === SEPARATOR.code && findings.some((known) => known.code === code && known.message === message)
  );
}

function apply(file: SourceFile, tokens: readonly IToken[], { from, to, insert }: Fix): readonly IToken[] {
  const fixed = spliced(tokens, from, to, insert);
  // A brace that was put in needs its counterpart.
  const opened = insert.some(({ tokenType }) => tokenType === LeftCurly);
  return opened ? balanceBraces(file, fixed).tokens : fixed;
}

function parse(tokens: readonly IToken[]): DeclarationCst | undefined {
  const { cst, stuckAt } = read('declaration', tokens);
  return stuckAt === undefined ? (cst as unknown as DeclarationCst) : undefined;
}
