import { TextLiteral, tokenize } from '../../grammar/tokens.ts';
import { bracketPairs } from './bracket-pairs.ts';
import type { Document } from './document.ts';
import { eachPart } from './tree-parts.ts';

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What a growing selection takes in, from the word at the cursor to the whole file: each holds the one before it. */
export function selectionRanges(document: Document, offset: number): readonly Stretch[] {
  const { file, parsed } = document;
  const found: Stretch[] = [{ start: 0, end: file.text.length }];
  const add = (start: number, end: number): void => {
    if (start <= offset && offset <= end && start < end) found.push({ start, end });
  };
  const declaration = parsed.tree.declarations.find(({ span }) => span.start <= offset && offset <= span.end);
  eachPart(declaration, ({ span }) => {
    add(span.start, span.end);
    return span.start <= offset && offset <= span.end;
  });
  fromWords(document, declaration?.span, add);
  const sorted = found.toSorted((left, right) => left.end - left.start - (right.end - right.start));
  // Two that only touch at the cursor do not hold each other: the smaller one stays.
  const kept: Stretch[] = [];
  for (const each of sorted) {
    const last = kept.at(-1);
    const holds = last === undefined || (each.start <= last.start && last.end <= each.end);
    if (holds && (each.start !== last?.start || each.end !== last.end)) kept.push(each);
  }
  return kept;
}

/** Words, the inside of a text, and what stands in brackets with them and without: also where a fault hides the tree. */
function fromWords(
  { file }: Document,
  within: Stretch | undefined,
  add: (start: number, end: number) => void,
): void {
  const from = within?.start ?? 0;
  const { tokens, docs, comments } = tokenize(file.text.slice(from, within?.end));
  const openedBy = bracketPairs<Stretch>();
  for (const { tokenType, startOffset, image } of [...tokens, ...docs, ...comments]) {
    const start = from + startOffset;
    const end = start + image.length;
    add(start, end);
    if (tokenType === TextLiteral) add(start + 1, end - 1);
    const opening = openedBy(tokenType, { start, end });
    if (opening === undefined) continue;
    add(opening.end, start);
    add(opening.start, end);
  }
}
