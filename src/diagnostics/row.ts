import type { Paint, Role } from './paint.ts';

/** One row of output, drawn cell by cell; what is drawn later covers what was there. */
export interface Row {
  readonly cells: string[];
  readonly roles: (Role | undefined)[];
}

export function emptyRow(): Row {
  return { cells: [], roles: [] };
}

/** Writes cells from a place on. */
export function draw(row: Row, at: number, cells: Iterable<string>, role?: Role): void {
  let place = at;
  for (const cell of cells) {
    while (row.cells.length < place) {
      row.cells.push(' ');
      row.roles.push(undefined);
    }
    row.cells[place] = cell;
    row.roles[place] = role;
    place += 1;
  }
}

/** The row as text without trailing spaces. */
export function printRow(row: Row, paint: Paint): string {
  let text = '';
  let run = '';
  let runRole: Role | undefined;
  const flush = (): void => {
    text += runRole === undefined ? run : paint(runRole, run);
    run = '';
  };
  const end = row.cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  for (let at = 0; at < end; at += 1) {
    if (row.roles[at] !== runRole) flush();
    runRole = row.roles[at];
    run += row.cells[at] ?? ' ';
  }
  flush();
  return text;
}
