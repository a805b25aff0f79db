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
  return /\p{Emoji_Presentation}/u.test(character) || isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
}

/** East Asian wide and fullwidth blocks of Unicode. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

function isWide(codePoint: number): boolean {
  return WIDE.some(([from, to]) => codePoint >= from && codePoint <= to);
}
