import { read } from '../../../grammar/parser.ts';
import { tokenize } from '../../../grammar/tokens.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { parseFile } from '../parse.ts';
import { layOutFile } from './layout.ts';
import { marksOf } from './marks.ts';
import { ordered } from './tokens.ts';

export type Formatted =
  | { readonly kind: 'formatted'; readonly text: string }
  /** The file has syntax errors; it is left as it is. */
  | { readonly kind: 'refused'; readonly findings: readonly Diagnostic[] };

/**
 * The file in the one style of the language. Only what stands between words, signs and comments changes, so that the
 * file means the same; done twice it changes nothing more.
 */
export function formatFile(source: SourceFile): Formatted {
  const findings: Diagnostic[] = [];
  parseFile(source, (finding) => void findings.push(finding));
  if (findings.some((finding) => finding.severity === 'error')) return { kind: 'refused', findings };
  const { tokens, docs, comments } = tokenize(source.text);
  const { cst } = read('file', tokens);
  const all = [...docs, ...comments].sort((left, right) => left.startOffset - right.startOffset);
  const text = layOutFile(source.text, marksOf(ordered(cst)), all);
  assertSame(source.text, text);
  return { kind: 'formatted', text };
}

/** Words, signs and comments are the same and in the same order; anything else is a fault of the printer. */
function assertSame(before: string, after: string): void {
  const [from, to] = [imagesOf(before), imagesOf(after)];
  const at = from.findIndex((image, index) => image !== to[index]);
  if (at >= 0 || from.length !== to.length)
    throw new Error(`formatting would change \`${from[at] ?? ''}\` to \`${to[at] ?? ''}\``);
}

function imagesOf(text: string): readonly string[] {
  const { tokens, docs, comments } = tokenize(text);
  return [...tokens, ...docs, ...comments]
    .sort((left, right) => left.startOffset - right.startOffset)
    .map((token) => token.image.trimEnd());
}
