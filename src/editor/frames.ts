import { Buffer } from 'node:buffer';

/** A message as the protocol sends it has a header and a body. After a header that cannot be read nobody knows where the next one begins. */
export type Frame =
  | { readonly kind: 'body'; readonly text: string }
  /** One sentence without a full stop. */
  | { readonly kind: 'fault'; readonly why: string };

/** Bytes. */
const LIMITS = { header: 8 * 1024, body: 128 * 1024 * 1024 } as const;

const END = '\r\n\r\n';
const EXPECTED = 'expected a header such as `Content-Length: 42`';

/** Cuts what comes in, in whichever pieces, into messages. After a fault it gives nothing more. */
export function frames(): (piece: Uint8Array) => readonly Frame[] {
  let pieces: Uint8Array[] = [];
  let size = 0;
  /** Of the body that comes next; nothing while a header is read. */
  let length: number | undefined;
  let broken = false;
  const take = (count: number): Buffer => {
    const bytes = Buffer.concat(pieces);
    pieces = [bytes.subarray(count)];
    size -= count;
    return bytes.subarray(0, count);
  };
  const fault = (why: string): Frame => {
    broken = true;
    pieces = [];
    return { kind: 'fault', why };
  };
  const next = (): Frame | undefined => {
    if (broken) return undefined;
    if (length === undefined) {
      const bytes = Buffer.concat(pieces);
      pieces = [bytes];
      const end = bytes.indexOf(END);
      const header = bytes.toString('latin1', 0, end < 0 ? Math.min(size, LIMITS.header) : end);
      if (/(^|[^\r])\n/.test(header))
        return fault(`${EXPECTED} whose lines end with \\r\\n, found ${shown(header)}`);
      if (Math.max(end, header.length) >= LIMITS.header)
        return fault(`a header has at most ${LIMITS.header} bytes, found ${shown(header)}`);
      if (end < 0) return undefined;
      const read = lengthIn(header);
      if (typeof read === 'string') return fault(read);
      length = read;
      take(end + END.length);
    }
    if (size < length) return undefined;
    const text = take(length).toString('utf8');
    length = undefined;
    return { kind: 'body', text };
  };
  return (piece) => {
    pieces.push(piece);
    size += piece.length;
    const found: Frame[] = [];
    for (let frame = next(); frame !== undefined; frame = next()) found.push(frame);
    return found;
  };
}

/** The length that a header says, or what is wrong with it. */
function lengthIn(header: string): number | string {
  let value: string | undefined;
  for (const line of header.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) return `${EXPECTED}, found ${shown(line)}`;
    if (line.slice(0, colon).trim().toLowerCase() === 'content-length') value = line.slice(colon + 1).trim();
  }
  if (value === undefined) return `${EXPECTED}, found ${shown(header)}`;
  if (!/^\d+$/.test(value)) return `${EXPECTED}, found \`Content-Length: ${cut(value)}\``;
  if (Number(value) > LIMITS.body)
    return `a message has at most ${LIMITS.body} bytes, found \`Content-Length: ${cut(value)}\``;
  return Number(value);
}

function shown(text: string): string {
  return text === '' ? 'an empty one' : JSON.stringify(cut(text));
}

/** Enough to know who sent it. */
function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
