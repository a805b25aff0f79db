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

/** Makes room for so many more bytes. */
export function reserve(output: Output, size: number): void {
  const needed = output.at + size;
  if (needed <= output.bytes.length) return;
  const bytes = Buffer.allocUnsafeSlow(Math.max(needed, output.bytes.length * 2));
  output.bytes.copy(bytes, 0, 0, output.at);
  output.bytes = bytes;
  output.view = viewOf(bytes);
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
