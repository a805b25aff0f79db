/** A cell with its place in the text. */
export interface CsvCell {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether it stood in quotes: then an empty cell is an empty text. */
  readonly quoted: boolean;
}

export type Csv =
  | { readonly kind: 'records'; readonly records: readonly (readonly CsvCell[])[] }
  | { readonly kind: 'broken'; readonly at: number };

/**
 * Reads comma-separated values as RFC 4180 has them: cells in double quotes may hold commas, line ends and doubled
 * quotes; lines end with LF or CRLF; blank lines and a byte order mark are left out.
 */
export function readCsv(text: string): Csv {
  const records: CsvCell[][] = [];
  let cells: CsvCell[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    if (cell === undefined) return { kind: 'broken', at };
    cells.push(cell);
    at = cell.end;
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) cells.push({ text: '', start: at, end: at, quoted: false });
      else continue;
    }
    const lineEnd = /\r?\n|$/y;
    lineEnd.lastIndex = at;
    if (!lineEnd.test(text)) return { kind: 'broken', at };
    at = lineEnd.lastIndex;
    if (cells.length > 1 || cells[0]?.text !== '' || cells[0].quoted) records.push(cells);
    cells = [];
  }
  return { kind: 'records', records };
}

function plainCell(text: string, start: number): CsvCell {
  const rest = /[^,\r\n]*/y;
  rest.lastIndex = start;
  const value = rest.exec(text)?.[0] ?? '';
  return { text: value, start, end: start + value.length, quoted: false };
}

function quotedCell(text: string, start: number): CsvCell | undefined {
  // A pattern for the whole cell would need as much of the engine's stack as the cell is long.
  let at = text.indexOf('"', start + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  if (at < 0) return undefined;
  const value = text.slice(start + 1, at).replaceAll('""', '"');
  return { text: value, start, end: at + 1, quoted: true };
}
