import { encodingOf, isHeader, STANDARD, type Hl7Encoding } from './hl7-encoding.ts';
import { problem, type Argument, type Problem } from '../function.ts';
import { standardize } from './hl7-standardize.ts';

const NAMED = /^[A-Z][A-Z0-9]{2}/;

/** A line end is CR; senders also write LF or both. Empty lines are nothing. */
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

interface Segment {
  text: string;
  readonly encoding: Hl7Encoding;
}

/** The segments of a name in a message, in order, each in the standard encoding. */
export function segmentsIn(raw: string, name: string): string[] {
  return allSegments(raw)
    .filter(({ text }) => text.startsWith(name))
    .map(({ text, encoding }) => standardize(text, encoding));
}

/** As `segmentsIn`, the first one only. */
export function segmentIn(raw: string, name: string): string | null {
  const found = allSegments(raw).find(({ text }) => text.startsWith(name));
  return found === undefined ? null : standardize(found.text, found.encoding);
}

function allSegments(raw: string): readonly Segment[] {
  const segments: Segment[] = [];
  let encoding = STANDARD;
  for (const [line] of raw.matchAll(LINE)) {
    const text = unframed(line);
    // A file of several messages may change it.
    if (isHeader(text)) encoding = encodingOf(text);
    const before = segments.at(-1);
    if (isNamed(text, encoding)) segments.push({ text, encoding });
    // A sender that does not escape line ends: without this the rest of such a text would be lost.
    else if (before !== undefined && text !== '') before.text += `\n${text}`;
  }
  return segments;
}

/** Whether a line begins as a segment does, with a name and a separator or nothing behind it. */
function isNamed(line: string, { field }: Hl7Encoding): boolean {
  return NAMED.test(line) && (line.length === 3 || line.charAt(3) === field);
}

/** The name of a segment that is written out. */
export function segmentName(argument: Argument | undefined, position: number): string | Problem {
  const name = String(argument?.literal);
  return name.length === 3 && NAMED.test(name)
    ? name
    : problem(
        position,
        'the name of an HL7 segment has three capital letters or digits',
        'for example `"PID"`, `"DG1"`, `"ZPD"`',
      );
}
