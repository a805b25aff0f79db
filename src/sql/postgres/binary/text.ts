import { type Output, reserve } from './output.ts';

/**
 * Longer texts are copied by the engine: they may be slices of a message, of which it reads a single character slowly.
 */
const SHORT = 12;

/** Puts a text as UTF-8 with its length before it. */
export function putText(output: Output, text: string): void {
  const { length } = text;
  reserve(output, 4 + length * 3);
  const { bytes, view, at } = output;
  const start = at + 4;
  const size = length <= SHORT && putAscii(bytes, start, text) ? length : bytes.write(text, start);
  view.setInt32(at, size);
  output.at = start + size;
}

/** False where the text is not ASCII. */
function putAscii(bytes: Uint8Array, start: number, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return false;
    bytes[start + at] = code;
  }
  return true;
}
