/** A place that lines of one group share: everything in it begins at the same column. */
export interface Alignment {
  readonly group: number;
  readonly column: number;
}

interface Segment {
  text: string;
  readonly alignment?: Alignment;
}

/** What can be broken is broken where a line would be longer, its comment left out. */
export const WIDTH = 110;

/** One line of output while it is set. */
export interface Line {
  readonly indent: number;
  readonly blankBefore: boolean;
  /** The index of its first token; of the next one where it holds none. */
  readonly from: number;
  readonly segments: Segment[];
  /** A comment behind the line; alone on it where there are no segments. */
  comment?: string;
}

/** So many columns may stand in one item. */
const COLUMNS = [0, 1] as const;
const COMMENT_GAP = '  ';

export function emptyLine(indent: number, blankBefore: boolean, from: number): Line {
  return { indent, blankBefore, from, segments: [] };
}

export function widthOf(line: Line): number {
  return line.segments.reduce((width, segment) => width + segment.text.length, line.indent);
}

/** Adds text to a line. Aligned text begins a segment; the gap before it is at least `gap`. */
export function append(line: Line, gap: string, text: string, alignment?: Alignment): void {
  const last = line.segments.at(-1);
  if (last === undefined) line.segments.push({ text });
  else if (alignment === undefined) last.text += gap + text;
  else {
    last.text += gap;
    line.segments.push({ text, alignment });
  }
}

/** Puts what shares a column below each other. */
export function alignColumns(lines: readonly Line[]): void {
  for (const column of COLUMNS) alignColumn(lines, column);
}

/** The text of aligned lines, with trailing comments aligned. */
export function printLines(lines: readonly Line[]): string {
  const widths = commentColumns(lines);
  return lines.map((line, at) => printLine(line, widths[at] ?? 0)).join('');
}

function alignColumn(lines: readonly Line[], column: number): void {
  const widest = new Map<number, number>();
  const places = lines.flatMap((line) => {
    const at = line.segments.findIndex((segment) => segment.alignment?.column === column);
    const group = line.segments[at]?.alignment?.group;
    const before = line.segments[at - 1];
    if (group === undefined || before === undefined) return [];
    const width = line.segments.slice(0, at).reduce((sum, segment) => sum + segment.text.length, 0);
    widest.set(group, Math.max(widest.get(group) ?? 0, width));
    return [{ before, group, width }];
  });
  for (const { before, group, width } of places) before.text += ' '.repeat((widest.get(group) ?? 0) - width);
}

/** For each line the column of its trailing comment: lines that follow each other share one. */
function commentColumns(lines: readonly Line[]): readonly number[] {
  const columns = lines.map(() => 0);
  let first = 0;
  while (first < lines.length) {
    let end = first;
    let column = 0;
    for (; end < lines.length; end += 1) {
      const line = lines[end];
      const trails = line?.comment !== undefined && line.segments.length > 0;
      if (!trails || (end > first && (line.blankBefore || line.indent !== lines[first]?.indent))) break;
      column = Math.max(column, widthOf(line));
    }
    columns.fill(column, first, end);
    first = Math.max(end, first + 1);
  }
  return columns;
}

function printLine(line: Line, commentColumn: number): string {
  const { indent, segments, comment } = line;
  const blank = line.blankBefore ? '\n' : '';
  let text = ' '.repeat(indent) + segments.map((segment) => segment.text).join('');
  if (comment !== undefined && segments.length > 0) text = text.padEnd(commentColumn) + COMMENT_GAP;
  return `${blank}${text}${comment ?? ''}\n`;
}
