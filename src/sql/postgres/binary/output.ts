import { Buffer } from 'node:buffer';

/**
 * Bytes that grow, in the byte order of the wire protocol. What `taken` gives stays as it is: the next bytes go behind it, or
 * into a new buffer.
 */
export interface Output {
  bytes: Buffer;
  view: DataView;
  /** Where the next byte goes. */
  at: number;
}

export function newOutput(capacity: number): Output {
  const bytes = Buffer.allocUnsafeSlow(capacity);
  return { bytes, view: viewOf(bytes), at: 0 };
}

/**
 * Bytes of the parameters of one statement. Postgres takes no message of a gigabyte; long before that a few messages, which
 * may copy a text into thousands of rows, would take the memory of the process.
 */
export const MOST_BYTES = 256 * 1024 * 1024;

/** More than `MOST_BYTES` were to be written. */
export class TooManyBytes extends Error {}

/** Makes room for so many more bytes. Throws `TooManyBytes`. */
export function reserve(output: Output, size: number): void {
  const needed = output.at + size;
  if (needed <= output.bytes.length) return;
  if (needed > MOST_BYTES) throw new TooManyBytes(`more than ${MOST_BYTES} bytes for one statement`);
  const bytes = Buffer.allocUnsafeSlow(Math.max(needed, output.bytes.length * 2));
  output.bytes.copy(bytes, 0, 0, output.at);
  output.bytes = bytes;
  output.view = viewOf(bytes);
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
