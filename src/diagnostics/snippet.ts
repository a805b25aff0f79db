import type { SourceFile } from '../text/source.ts';
import { lineText, positionAt } from '../text/source.ts';
import { layOut } from './cells.ts';
import type { CellLine } from './cells.ts';
import type { LineMark, Mark } from './mark.ts';
import type { Paint } from './paint.ts';
import type { Row } from './row.ts';
import { draw, emptyRow, printRow } from './row.ts';
import { underline } from './underline.ts';

/** A mark over several lines, drawn as a rail at the left of them. */
interface Rail {
  readonly mark: Mark;
  readonly first: number;
  readonly last: number;
}

/** So long may a line be, in cells, before only the part around its marks is shown. */
const MAX_CELLS = 160;
const KEPT_BEFORE = 40;
/** So many lines may a rail cross before its middle is left out. */
const MAX_RAIL_LINES = 5;

/** The lines of one file that the marks stand on, with the marks drawn below them. */
export function snippetOf(file: SourceFile, marks: readonly Mark[], gutter: number, paint: Paint): string[] {
  const rails = marks.flatMap((mark) => railOf(file, mark));
  const single = marks.filter((mark) => !rails.some((rail) => rail.mark === mark));
  const margin = rails.length * 2;
  const edge = (line?: number): string => paint('gutter', `${(line?.toString() ?? '').padStart(gutter)} |`);
  const rows = [edge()];
  let before: number | undefined;
  for (const line of shownLines(file, single, rails)) {
    if (before !== undefined && line > before + 1) rows.push(paint('gutter', '...'));
    before = line;
    const whole = layOut(lineText(file, line));
    const marksHere = single.flatMap((mark) => lineMark(file, mark, line, whole));
    const { cells, shift } = crop(whole, marksHere);
    const source = emptyRow();
    drawRails(source, rails, line, 'source');
    draw(source, margin, cells);
    const below = [
      ...rails.flatMap((rail, index) => openingRow(file, rails, rail, index, line, whole)),
      ...underline(
        marksHere.map((mark) => shifted(mark, shift)),
        margin,
      ).map((row) => {
        drawRails(row, rails, line, 'below');
        return row;
      }),
      ...rails.flatMap((rail, index) => closingRow(file, rails, rail, index, line, whole)),
    ];
    rows.push(`${edge(line)} ${printRow(source, paint)}`.trimEnd());
    rows.push(...below.map((row) => `${edge()} ${printRow(row, paint)}`.trimEnd()));
  }
  return rows;
}

function railOf(file: SourceFile, mark: Mark): readonly Rail[] {
  const first = positionAt(file, mark.span.start).line;
  const last = positionAt(file, Math.max(mark.span.end - 1, mark.span.start)).line;
  return last > first ? [{ mark, first, last }] : [];
}

function shownLines(file: SourceFile, single: readonly Mark[], rails: readonly Rail[]): readonly number[] {
  const lines = new Set(single.map(({ span }) => positionAt(file, span.start).line));
  for (const { first, last } of rails) {
    const whole = last - first < MAX_RAIL_LINES;
    for (let line = first; line <= last; line += whole ? 1 : last - first) lines.add(line);
  }
  // A gap of one line is shown: three dots would take as much room.
  for (const line of [...lines]) if (lines.has(line + 2)) lines.add(line + 1);
  return [...lines].sort((left, right) => left - right);
}

function lineMark(file: SourceFile, mark: Mark, line: number, { cellOf }: CellLine): readonly LineMark[] {
  const from = positionAt(file, mark.span.start);
  if (from.line !== line) return [];
  const start = cellAt(cellOf, from.column - 1);
  const end = cellAt(cellOf, from.column - 1 + mark.span.end - mark.span.start);
  const { role, text } = mark;
  return [{ start, end: Math.max(end, start + 1), role, ...(text === undefined ? {} : { text }) }];
}

function cellAt(cellOf: readonly number[], unit: number): number {
  return cellOf[Math.min(unit, cellOf.length - 1)] ?? 0;
}

/** The part of a long line that its marks need, and by how many cells it begins later. */
function crop({ cells }: CellLine, marks: readonly LineMark[]): { cells: readonly string[]; shift: number } {
  if (cells.length <= MAX_CELLS) return { cells, shift: 0 };
  const first = Math.min(...marks.map(({ start }) => start), cells.length);
  const shift = marks.length === 0 || first < MAX_CELLS - KEPT_BEFORE ? 0 : first - KEPT_BEFORE;
  const part = cells.slice(shift, shift + MAX_CELLS);
  if (shift > 0) part[0] = '…';
  if (shift + MAX_CELLS < cells.length) part[part.length - 1] = '…';
  return { cells: part, shift };
}

function shifted(mark: LineMark, shift: number): LineMark {
  const start = Math.min(Math.max(mark.start - shift, 0), MAX_CELLS - 1);
  return { ...mark, start, end: Math.max(Math.min(mark.end - shift, MAX_CELLS), start + 1) };
}

/* Rails. One that begins with its line is opened by a slash, any other by a line of underscores. */

function beginsLine({ mark, first }: Rail, file: SourceFile): boolean {
  const { column } = positionAt(file, mark.span.start);
  return (
    lineText(file, first)
      .slice(0, column - 1)
      .trim() === ''
  );
}

function drawRails(row: Row, rails: readonly Rail[], line: number, where: 'source' | 'below'): void {
  rails.forEach((rail, index) => {
    const { mark, first, last } = rail;
    const opened = beginsLine(rail, mark.span.file);
    const goesOn = line > first && (line < last || (line === last && where === 'source'));
    if (goesOn || (line === first && where === 'below' && opened)) draw(row, index * 2, '|', mark.role);
    else if (line === first && where === 'source' && opened) draw(row, index * 2, '/', mark.role);
  });
}

function openingRow(
  file: SourceFile,
  rails: readonly Rail[],
  rail: Rail,
  index: number,
  line: number,
  whole: CellLine,
): readonly Row[] {
  if (line !== rail.first || beginsLine(rail, file)) return [];
  const row = emptyRow();
  drawRails(row, rails, line, 'below');
  const cell = cellAt(whole.cellOf, positionAt(file, rail.mark.span.start).column - 1);
  drawHook(row, rails.length * 2 + Math.min(cell, MAX_CELLS), index, rail.mark);
  return [row];
}

function closingRow(
  file: SourceFile,
  rails: readonly Rail[],
  rail: Rail,
  index: number,
  line: number,
  whole: CellLine,
): readonly Row[] {
  if (line !== rail.last) return [];
  const row = emptyRow();
  drawRails(row, rails, line, 'below');
  const cell = cellAt(whole.cellOf, positionAt(file, rail.mark.span.end - 1).column - 1);
  const place = rails.length * 2 + Math.min(cell, MAX_CELLS);
  draw(row, index * 2, '|', rail.mark.role);
  drawHook(row, place, index, rail.mark);
  if (rail.mark.text !== undefined) draw(row, place + 2, rail.mark.text, rail.mark.role);
  return [row];
}

/** Underscores from a rail to a place in the line. */
function drawHook(row: Row, place: number, index: number, { role }: Mark): void {
  const start = index * 2 + 1;
  draw(row, start, '_'.repeat(Math.max(place - start, 0)), role);
  draw(row, place, role === 'related' ? '-' : '^', role);
}
