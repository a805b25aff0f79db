import { readEach } from '../../../grammar/parser.ts';
import { tokenize } from '../../../grammar/tokens.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { parseFile } from '../parse.ts';
import { breaksOf, type Breaks } from './breaks.ts';
import { groupsOf } from './groups.ts';
import { layOut, type Content } from './layout.ts';
import { alignColumns, printLines, WIDTH, widthOf } from './lines.ts';
import { marksOf } from './marks.ts';
import { ordered, type OrderedNode } from './tokens.ts';

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
  const parts: OrderedNode[] = [];
  readEach(tokens, (declaration) => void parts.push(ordered(declaration)));
  const file: OrderedNode = { rule: 'file', parts };
  const all = [...docs, ...comments].sort((left, right) => left.startOffset - right.startOffset);
  const marks = marksOf(file);
  const text = fitted(
    { text: source.text, marks, comments: all },
    breaksOf(source.text, marks, groupsOf(file, marks)),
  );
  assertSame(source.text, text);
  return { kind: 'formatted', text };
}

/**
 * Lays the file out until no line is too long that could be shorter. Every round breaks one group in each such line,
 * so there are as many rounds as groups stand in each other. The breaks of a file that is laid out are breaks of the
 * writer, the next time: that is why a second pass changes nothing.
 */
function fitted(content: Content, breaks: Breaks): string {
  for (;;) {
    const lines = layOut(content, breaks);
    alignColumns(lines);
    const broken = lines.filter((line, at) => {
      const end = lines[at + 1]?.from ?? content.marks.length;
      return widthOf(line) > WIDTH && breaks.add(line.from + 1, end);
    });
    if (broken.length === 0) return printLines(lines);
  }
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
