/** One source text with the name that findings show for it. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
  /** It holds data and is no program: findings name places in it and never show what stands there. */
  readonly data?: true;
  /** All of the file, where the text is a part of it. */
  readonly whole?: string;
}

/** A half-open range of UTF-16 offsets, `start` inclusive and `end` exclusive, inside one file. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A 1-based line and column; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const lineStartsOf = new WeakMap<SourceFile, readonly number[]>();

/** The offset at which each line of the file begins; lines end with `\n`. */
export function lineStarts(file: SourceFile): readonly number[] {
  const known = lineStartsOf.get(file);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = file.text.indexOf('\n'); at >= 0; at = file.text.indexOf('\n', at + 1)) starts.push(at + 1);
  lineStartsOf.set(file, starts);
  return starts;
}

/** The position of an offset; an offset past the end is the end. */
export function positionAt(file: SourceFile, offset: number): Position {
  const starts = lineStarts(file);
  const at = Math.min(Math.max(offset, 0), file.text.length);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
}

/** The text of a 1-based line without its line end. */
export function lineText(file: SourceFile, line: number): string {
  const starts = lineStarts(file);
  const start = starts[line - 1] ?? file.text.length;
  const end = starts[line] === undefined ? file.text.length : starts[line] - 1;
  return file.text.slice(start, end).replace(/\r$/, '');
}

/** The smallest span that covers both; both must lie in the same file. */
export function cover(first: Span, last: Span): Span {
  return {
    file: first.file,
    start: Math.min(first.start, last.start),
    end: Math.max(first.end, last.end),
  };
}

export function spanText(span: Span): string {
  return span.file.text.slice(span.start, span.end);
}
