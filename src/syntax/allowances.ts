import { tokenize } from '../../grammar/tokens.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { finding } from '../diagnostics/diagnostic.ts';
import type { SourceFile, Span } from '../text/source.ts';
import { lineText, positionAt } from '../text/source.ts';
import { BAD_SUPPRESSION } from './codes/suppression.ts';
import type { Name } from './name.ts';

/** A comment that allows warnings: `// nomnom: allow NOM303, NOM021 because …`. */
export interface Allowance {
  readonly codes: readonly Name[];
  readonly reason: string;
  /** The comment. */
  readonly span: Span;
  /** The lines in which the warnings are allowed to begin: behind the comment, up to the next word of the program. */
  readonly lines: { readonly first: number; readonly last: number };
}

export interface Allowances {
  readonly allowances: readonly Allowance[];
  /** Comments that try to be one and are not. */
  readonly findings: readonly Diagnostic[];
}

const PREFIX = /^\/\/+\s*nomnom:/;
const SHAPE = /^(\/\/+\s*nomnom:\s*allow\s+)(NOM[0-9]+(?:\s*,\s*NOM[0-9]+)*)\b(?:\s+because\s+(.+)|.*)$/;
const EXAMPLE = 'write `// nomnom: allow NOM303 because …` with a reason, on the line before the warning';

/** The suppressions of a file. */
export function allowancesOf(file: SourceFile): Allowances {
  // Most files have none, and need not be read once more.
  if (!file.text.includes('nomnom:')) return { allowances: [], findings: [] };
  const { tokens, comments } = tokenize(file.text);
  const allowances: Allowance[] = [];
  const findings: Diagnostic[] = [];
  for (const { image, startOffset } of comments) {
    if (!PREFIX.test(image)) continue;
    const text = image.trimEnd();
    const span = { file, start: startOffset, end: startOffset + text.length };
    const { line, column } = positionAt(file, startOffset);
    const [, head = '', codes = '', reason = ''] = SHAPE.exec(text) ?? [];
    const alone =
      lineText(file, line)
        .slice(0, column - 1)
        .trim() === '';
    const fault = faultOf(codes, reason, alone);
    if (fault !== undefined) {
      findings.push(finding(BAD_SUPPRESSION, span, fault, { help: EXAMPLE }));
      continue;
    }
    const next = tokens.find((token) => token.startOffset > startOffset);
    const last = positionAt(file, next?.startOffset ?? file.text.length).line;
    allowances.push({
      codes: namesIn(codes, { ...span, start: startOffset + head.length }),
      reason,
      span,
      lines: { first: line + 1, last },
    });
  }
  return { allowances, findings };
}

function faultOf(codes: string, reason: string, alone: boolean): string | undefined {
  if (codes === '') return 'this comment does not say which warnings it allows';
  if (reason === '') return `this comment allows ${codes} without a reason`;
  return alone ? undefined : 'a comment that allows warnings must be on a line of its own';
}

function namesIn(codes: string, from: Span): readonly Name[] {
  return [...codes.matchAll(/NOM[0-9]+/g)].map((match) => {
    const start = from.start + match.index;
    return { text: match[0], span: { file: from.file, start, end: start + match[0].length } };
  });
}
