import { codes } from '../checks/codes.ts';
import type { CodeDescription } from '../diagnostics/diagnostic.ts';
import type { Span } from '../text/source.ts';
import { occurrenceAt, touches, type Document } from './document.ts';
import { keywordDocs } from './keyword-docs.ts';
import { recordPage } from './record-page.ts';
import type { NamedSymbol } from './symbol.ts';

export interface Hover {
  readonly span: Span;
  readonly markdown: string;
}

/** What is known of the name, or of the finding, at an offset. */
export function hoverAt(document: Document, offset: number): Hover | undefined {
  const named = codeAt(document, offset);
  if (named !== undefined) return named;
  const occurrence = occurrenceAt(document, offset);
  const finding = document.analysis.findings.find(
    ({ primary: { span } }) => span.file === document.file && touches(span, offset),
  );
  const description = finding === undefined ? undefined : codes.get(finding.code);
  const parts = [
    occurrence === undefined ? [] : [symbolPage(occurrence.symbol, recordPage(document, occurrence.symbol))],
    description === undefined ? [] : [codePage(description)],
  ].flat();
  const span = occurrence?.span ?? finding?.primary.span;
  return span === undefined ? keywordAt(document, offset) : { span, markdown: parts.join('\n\n---\n\n') };
}

/** The page of a symbol: how it is declared, what kind of thing it is, what its author says of it. */
export function symbolPage(symbol: NamedSymbol, more?: string): string {
  const parts = [
    `\`\`\`nom\n${symbol.signature()}\n\`\`\`\n${symbol.kind}`,
    symbol.doc,
    symbol.note?.(),
    more,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}

function codePage({ code, title, explanation }: CodeDescription): string {
  return `**${code}**: ${title}\n\n${explanation}`;
}

/** A finding's code as a word of the text: in a comment, say. */
function codeAt({ file }: Document, offset: number): Hover | undefined {
  for (const match of file.text.slice(Math.max(0, offset - 6), offset + 6).matchAll(/\bNOM[0-9]{3}\b/g)) {
    const start = Math.max(0, offset - 6) + match.index;
    const description = codes.get(match[0]);
    if (start <= offset && offset <= start + 6 && description !== undefined)
      return { span: { file, start, end: start + 6 }, markdown: codePage(description) };
  }
  return undefined;
}

/** A word of the language; one that is a name there has an occurrence and does not come here. */
function keywordAt({ file }: Document, offset: number): Hover | undefined {
  const from = file.text.lastIndexOf('\n', offset - 1) + 1;
  for (const match of (file.text.slice(from).split('\n', 1)[0] ?? '').matchAll(
    /\/\/.*|"[^"]*"|[A-Za-z_]\w*/g,
  )) {
    const start = from + match.index;
    const end = start + match[0].length;
    const doc = keywordDocs.get(match[0]);
    if (start <= offset && offset <= end && doc !== undefined)
      return { span: { file, start, end }, markdown: `\`${match[0]}\`: ${doc}` };
  }
  return undefined;
}
