import { isHeader, STANDARD } from './hl7-encoding.ts';

/** A place in a segment, every number counted from 1: `3[2].1.2` is field 3, its repetition 2, component 1, subcomponent 2. */
export interface Hl7Path {
  readonly field: number;
  readonly repetition: number;
  readonly component?: number;
  readonly subcomponent?: number;
}

const PATH = /^([1-9][0-9]{0,3})(?:\[([1-9][0-9]{0,3})\])?(?:\.([1-9][0-9]{0,3})(?:\.([1-9][0-9]{0,3}))?)?$/;

export function hl7Path(text: string): Hl7Path | undefined {
  const match = PATH.exec(text);
  if (match === null) return undefined;
  const [, field, repetition = '1', component, subcomponent] = match;
  return {
    field: Number(field),
    repetition: Number(repetition),
    ...(component === undefined ? {} : { component: Number(component) }),
    ...(subcomponent === undefined ? {} : { subcomponent: Number(subcomponent) }),
  };
}

/** The part of a segment in standard encoding, still escaped; empty where it has none there. */
export function partAt(segment: string, path: Hl7Path): string {
  const header = isHeader(segment);
  if (header && path.field <= 2) return headerField(segment, path);
  // The name of the segment is piece 1, and so is field 1 of a header.
  const field = piece(segment, STANDARD.field, header ? path.field : path.field + 1);
  const repetition = piece(field, STANDARD.repetition, path.repetition);
  if (path.component === undefined) return repetition;
  const component = piece(repetition, STANDARD.component, path.component);
  return path.subcomponent === undefined
    ? component
    : piece(component, STANDARD.subcomponent, path.subcomponent);
}

/** The two fields of a header that declare the structuring characters have no structure themselves. */
function headerField(
  segment: string,
  { field, repetition, component = 1, subcomponent = 1 }: Hl7Path,
): string {
  if (repetition > 1 || component > 1 || subcomponent > 1) return '';
  return field === 1 ? segment.charAt(3) : piece(segment.slice(4), STANDARD.field, 1);
}

/** The nth piece of a text between separators, counted from 1; empty where there are fewer. */
function piece(text: string, separator: string, number: number): string {
  let start = 0;
  for (let skipped = 1; skipped < number; skipped += 1) {
    const at = text.indexOf(separator, start);
    if (at < 0) return '';
    start = at + 1;
  }
  const end = text.indexOf(separator, start);
  return end < 0 ? text.slice(start) : text.slice(start, end);
}
