import { encodingOf, isHeader, STANDARD } from './hl7-encoding.ts';
import { problem, type Argument, type Problem } from './function.ts';
import { standardize } from './hl7-standardize.ts';

/** Segments end with CR; senders also write LF or both. Empty lines are nothing. */
const LINE = /[^\r\n]+/g;

/** A byte order mark, and the byte that begins a message on a TCP connection (MLLP). */
const BEFORE = ['\ufeff', '\v'];

/** The byte that ends one. */
const BEHIND = '\u001c';

function unframed(line: string): string {
  let start = 0;
  while (BEFORE.includes(line.charAt(start))) start += 1;
  return line.slice(start, line.endsWith(BEHIND) ? -1 : undefined);
}

/** The segments of a name in a message, in order, each in the standard encoding; at most `limit`. */
export function segmentsIn(raw: string, name: string, limit: number): string[] {
  const found: string[] = [];
  let encoding = STANDARD;
  for (const [line] of raw.matchAll(LINE)) {
    const segment = unframed(line);
    // A file of several messages may change it.
    if (isHeader(segment)) encoding = encodingOf(segment);
    if (!segment.startsWith(name)) continue;
    if (segment.length > name.length && segment.charAt(name.length) !== encoding.field) continue;
    found.push(standardize(segment, encoding));
    if (found.length === limit) break;
  }
  return found;
}

/** The name of a segment that is written out. */
export function segmentName(argument: Argument | undefined, position: number): string | Problem {
  const name = String(argument?.literal);
  return /^[A-Z][A-Z0-9]{2}$/.test(name)
    ? name
    : problem(
        position,
        'the name of an HL7 segment is three capital letters or digits',
        'as in `"PID"`, `"DG1"`, `"ZPD"`',
      );
}
