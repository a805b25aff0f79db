const LINE_FEED = 0x0a;

/** The lines of a body that hold something other than blanks, without their line ends, as views of the body. */
export function ndjsonLines(body: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < body.length;) {
    const found = body.indexOf(LINE_FEED, start);
    const end = found < 0 ? body.length : found;
    const line = trimmed(body, start, end);
    if (line.length > 0) lines.push(line);
    start = end + 1;
  }
  return lines;
}

/** The first byte that is not JSON white space; undefined where there is none. */
export function firstByte(body: Buffer): number | undefined {
  let at = 0;
  while (isBlank(body[at])) at += 1;
  return body[at];
}

function trimmed(body: Buffer, start: number, end: number): Buffer {
  let from = start;
  let to = end;
  while (from < to && isBlank(body[from])) from += 1;
  while (to > from && isBlank(body[to - 1])) to -= 1;
  return body.subarray(from, to);
}

/** JSON's white space: blank, tab, line feed, carriage return. */
function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
