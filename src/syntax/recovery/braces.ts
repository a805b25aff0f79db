import type { IToken } from 'chevrotain';
import * as t from '../../../grammar/tokens.ts';
import { word } from '../../../grammar/tokens.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { tokenSpan } from '../lower/context.ts';
import { CLOSES_NOTHING, MISSING_WORD, NEVER_CLOSED } from '../codes/structure.ts';
import { isName } from '../is-name.ts';
import { beginsLine, indentOf } from '../layout.ts';
import { emptyAt, endOf } from './virtual.ts';

export interface Balanced {
  readonly tokens: readonly IToken[];
  readonly findings: readonly Diagnostic[];
}

/**
 * Balances the braces of one declaration. Where one is missing or one too many, the indentation tells which:
 * a `}` at the beginning of its line belongs to the `{` of the line that is indented as far.
 */
export function balanceBraces(file: SourceFile, chunk: readonly IToken[]): Balanced {
  const findings: Diagnostic[] = [];
  const opened = withOpening(file, chunk, findings);
  const closed = withoutEarlyEnd(file, opened, findings);
  return { tokens: withClosings(file, closed, findings), findings };
}

/** Puts in the `{` of a declaration that lacks it. */
function withOpening(file: SourceFile, tokens: readonly IToken[], findings: Diagnostic[]): readonly IToken[] {
  const behind = behindHeader(file, tokens);
  const [last, next] = [tokens[behind - 1], tokens[behind]];
  if (behind === 0 || last === undefined || next === undefined) return tokens;
  if (next.tokenType === t.LeftCurly || last.tokenType === t.LeftCurly) return tokens;
  const closes = tokens.filter(({ tokenType }) => tokenType === t.RightCurly).length;
  const opens = tokens.filter(({ tokenType }) => tokenType === t.LeftCurly).length;
  if (closes !== opens + 1) return tokens;
  const end = endOf(last);
  findings.push(
    finding(MISSING_WORD, { file, start: end, end }, `expected \`{\` after \`${last.image}\``, {
      label: 'expected `{` here',
      help: 'write `{` here',
    }),
  );
  return tokens.toSpliced(behind, 0, emptyAt(end, t.LeftCurly));
}

/** The index at which the `{` of a declaration has to stand, where that is plain; else 0. */
function behindHeader(file: SourceFile, tokens: readonly IToken[]): number {
  const [keyword, second, third] = tokens;
  switch (keyword?.tokenType) {
    case word.enum:
    case word.stream:
    case word.role:
      return isName(second) ? 2 : 0;
    case word.test:
      return second?.tokenType === t.TextLiteral ? 2 : 0;
    case word.lookup:
      return third?.tokenType === t.TextLiteral ? 3 : 0;
    case word.shape:
    case word.entity:
    case word.derive:
      return Math.max(firstMember(file, tokens), 0);
    default:
      return 0;
  }
}

/** The index of the first token that begins a line as a member does. */
function firstMember(file: SourceFile, tokens: readonly IToken[]): number {
  return tokens.findIndex((token, at) => {
    const next = tokens[at + 1]?.tokenType;
    if (at < 2 || !beginsLine(file, token)) return false;
    if (token.tokenType === t.Spread || (token.tokenType === word.store && isName(tokens[at + 1])))
      return true;
    if ((token.tokenType === word.ordered || token.tokenType === word.signed) && next === word.by)
      return true;
    return isName(token) && (next === t.Colon || next === t.Equal);
  });
}

/** Takes out a `}` behind which the declaration goes on, up to another one. */
function withoutEarlyEnd(
  file: SourceFile,
  tokens: readonly IToken[],
  findings: Diagnostic[],
): readonly IToken[] {
  let rest = tokens;
  for (let extra = extraClosing(rest); extra !== undefined; extra = extraClosing(rest)) {
    if (findings.length >= MAX_FINDINGS) return withoutExtra(rest);
    const { token, closes } = extra;
    findings.push(
      closes === undefined
        ? finding(CLOSES_NOTHING, tokenSpan(file, token), 'this `}` closes nothing', {
            label: 'no open bracket',
            help: 'leave it out',
          })
        : finding(CLOSES_NOTHING, tokenSpan(file, token), 'this `}` closes its declaration too early', {
            label: 'closes the declaration',
            related: [{ span: tokenSpan(file, closes), text: 'the declaration probably ends here' }],
            help: 'leave it out',
          }),
    );
    rest = rest.toSpliced(rest.indexOf(token), 1);
  }
  return rest;
}

/** A file in which so much is closed is not worth more. */
const MAX_FINDINGS = 20;

/** The first `}` too many; `closes` is the one that the declaration probably ends with, where another one ended it before. */
function extraClosing(
  tokens: readonly IToken[],
): { readonly token: IToken; readonly closes?: IToken } | undefined {
  let depth = 0;
  let end = -1;
  for (const [at, token] of tokens.entries()) {
    if (token.tokenType === t.LeftCurly) depth += 1;
    if (token.tokenType !== t.RightCurly) continue;
    depth -= 1;
    if (depth === 0 && end < 0) end = at;
    if (depth >= 0) continue;
    const early = end >= 0 && at > end + 1 ? tokens[end] : undefined;
    return early === undefined ? { token } : { token: early, closes: token };
  }
  return undefined;
}

/** The tokens without each `}` that has no `{`. */
function withoutExtra(tokens: readonly IToken[]): readonly IToken[] {
  let depth = 0;
  return tokens.filter(({ tokenType }) => {
    if (tokenType === t.LeftCurly) depth += 1;
    if (tokenType !== t.RightCurly) return true;
    depth -= 1;
    if (depth >= 0) return true;
    depth = 0;
    return false;
  });
}

/** Puts in the closings that are missing. */
function withClosings(
  file: SourceFile,
  tokens: readonly IToken[],
  findings: Diagnostic[],
): readonly IToken[] {
  const result: IToken[] = [];
  const open: IToken[] = [];
  const indent = (token: IToken): number => indentOf(file, token.startOffset);
  for (const token of tokens) {
    if (token.tokenType === t.LeftCurly) open.push(token);
    if (token.tokenType === t.RightCurly) {
      const owner = beginsLine(file, token)
        ? open.findLast((brace) => indent(brace) <= indent(token))
        : undefined;
      // Only where a brace is missing at all may the layout overrule the nesting.
      const inner = owner === undefined || isBalanced(tokens) ? [] : open.slice(open.indexOf(owner) + 1);
      const forgotten = inner.filter((brace) => indent(brace) > indent(token));
      if (forgotten.length > 0) {
        findings.push(neverClosed(file, forgotten, result.at(-1) ?? token));
        for (const _ of forgotten) result.push(closing(result.at(-1) ?? token));
        open.splice(open.length - forgotten.length);
      }
      open.pop();
    }
    result.push(token);
  }
  const last = tokens.at(-1);
  if (open.length > 0 && last !== undefined) {
    findings.push(neverClosed(file, open, last));
    for (const _ of open) result.push(closing(last));
  }
  return result;
}

function isBalanced(tokens: readonly IToken[]): boolean {
  let depth = 0;
  for (const { tokenType } of tokens) {
    if (tokenType === t.LeftCurly) depth += 1;
    else if (tokenType === t.RightCurly) depth -= 1;
  }
  return depth === 0;
}

function closing(behind: IToken): IToken {
  return emptyAt(endOf(behind), t.RightCurly);
}

/** The place at which the block should have ended, judged by indentation: behind the last token that is inside. */
function neverClosed(file: SourceFile, open: readonly IToken[], last: IToken): Diagnostic {
  const inner = open.at(-1) ?? only(open);
  const end = endOf(last);
  const braces = '}'.repeat(open.length);
  const line = lineOf(file, inner);
  return finding(
    NEVER_CLOSED,
    { file, start: end, end },
    open.length === 1 ? `\`${line}\` is never closed` : `${open.length} blocks are never closed`,
    {
      label: `expected \`${braces}\` after this`,
      related: open.map((brace) => ({ span: tokenSpan(file, brace), text: 'opened here' })),
      help: `write \`${braces}\` here`,
    },
  );
}

/** What stands on the line of a brace, up to it. */
function lineOf(file: SourceFile, brace: IToken): string {
  const start = file.text.lastIndexOf('\n', brace.startOffset) + 1;
  const text = file.text.slice(start, brace.startOffset + 1).trim();
  return text.length > 50 ? '{' : text;
}

function only(open: readonly IToken[]): IToken {
  const first = open[0];
  if (first === undefined) throw new Error('no brace is open');
  return first;
}
