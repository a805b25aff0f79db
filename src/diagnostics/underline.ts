import type { Row } from './row.ts';
import { draw, emptyRow } from './row.ts';
import type { LineMark } from './mark.ts';

/**
 * The rows below a source line: all its marks underlined, the text of the last one beside them, and the texts
 * of the others hanging below their beginnings:
 *
 *     ------    ^^^^^ text of the last
 *     |
 *     text of the other
 */
export function underline(marks: readonly LineMark[], margin: number): readonly Row[] {
  if (marks.length === 0) return [];
  const line = emptyRow();
  // A primary mark covers a related one.
  for (const mark of [...marks].sort((left, right) => Number(isPrimary(left)) - Number(isPrimary(right)))) {
    const sign = isPrimary(mark) ? '^' : '-';
    draw(line, margin + mark.start, sign.repeat(mark.end - mark.start), mark.role);
  }
  const texts = marks.filter(({ text }) => text !== undefined && text !== '').sort(fromRight);
  const [beside, ...hanging] = texts;
  if (beside?.text !== undefined) {
    const end = Math.max(...marks.map((mark) => mark.end));
    draw(line, margin + end + 1, beside.text, beside.role);
  }
  return [line, ...hangingRows(hanging, margin)];
}

function hangingRows(marks: readonly LineMark[], margin: number): readonly Row[] {
  if (marks.length === 0) return [];
  const bars = (upTo: readonly LineMark[]): Row => {
    const row = emptyRow();
    for (const mark of upTo.toReversed()) draw(row, margin + mark.start, '|', mark.role);
    return row;
  };
  const texts = marks.map((mark, at) => {
    const row = bars(marks.slice(at + 1).filter((other) => other.start < mark.start));
    draw(row, margin + mark.start, mark.text ?? '', mark.role);
    return row;
  });
  return [bars(marks), ...texts];
}

function isPrimary({ role }: LineMark): boolean {
  return role !== 'related';
}

/** Later beginnings first; of two at one place the primary one. */
function fromRight(left: LineMark, right: LineMark): number {
  return right.start - left.start || Number(isPrimary(right)) - Number(isPrimary(left));
}
