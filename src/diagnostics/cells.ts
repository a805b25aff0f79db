import { eastAsianWidth } from 'get-east-asian-width';

/** A source line as a terminal shows it. */
export interface CellLine {
  /** One string per cell; empty for the second cell of a wide character. */
  readonly cells: readonly string[];
  /** The 0-based cell at which each UTF-16 unit of the line begins, and one more for the line's end. */
  readonly cellOf: readonly number[];
}

const TAB = [' ', ' ', ' ', ' '];

/**
 * Lays a line out in cells of a terminal: tabs become four spaces, wide characters take two cells, marks that
 * combine take none, and control characters show as a placeholder so that a file cannot steer the terminal.
 */
export function layOut(line: string): CellLine {
  const cellOf: number[] = [];
  const cells: string[] = [];
  for (const character of line) {
    for (let unit = 0; unit < character.length; unit += 1) cellOf.push(cells.length);
    if (character === '\t') cells.push(...TAB);
    else if (isControl(character)) cells.push('\uFFFD');
    else {
      const width = widthOf(character);
      if (width === 0 && cells.length > 0) cells[cells.length - 1] += character;
      else cells.push(character);
      if (width === 2) cells.push('');
    }
  }
  cellOf.push(cells.length);
  return { cells, cellOf };
}

function isControl(character: string): boolean {
  // Control and format characters, among them those that reverse the direction of text.
  return /[\p{Cc}\p{Cf}\p{Cs}]/u.test(character) && character !== '\u200D';
}

function widthOf(character: string): number {
  if (character < '\u0300') return 1;
  if (/\p{Mn}|\p{Me}|\u{200D}|\u{FE0F}/u.test(character)) return 0;
  // A regional indicator is an emoji, and not wide by the table.
  if (/\p{Emoji_Presentation}/u.test(character)) return 2;
  return eastAsianWidth(character.codePointAt(0) ?? 0);
}
