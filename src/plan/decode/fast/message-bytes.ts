import { Buffer } from 'node:buffer';
import { MAX_LENGTH } from './max-length.ts';

/** In UTF-8 a character of a text takes three bytes at most, and two characters four. */
const SIZE = 3 * MAX_LENGTH + 64;

const buffer = Buffer.alloc(SIZE);

/**
 * The characters of the message that is read now, one byte for each, at the offsets that they have in its text: those of ASCII as
 * they are, all others as `OTHER`; then zeros. A byte of an array is read in less than half of the time of a character of a text, and
 * four are compared at once. One for all, as reading is synchronous.
 */
export const BYTES = new Uint8Array(buffer.buffer, buffer.byteOffset, SIZE);

/** The same bytes, for several at once. */
export const VIEW = new DataView(buffer.buffer, buffer.byteOffset, SIZE);

/** Stands for a character that is not in ASCII. */
const OTHER = 0x80;

const NOT_ASCII = 0x80808080 | 0;

/** Makes this text the one whose bytes are read: at most `MAX_LENGTH` characters, no lone surrogates. */
export function writeBytes(text: string): void {
  const { length } = text;
  const written = buffer.write(text, 0, 'utf8');
  if (written > length) oneForEach(written);
  // No key and no value has a zero, so nothing reads on into what is left of an earlier message.
  VIEW.setFloat64(length, 0);
}

/** Moves bytes of UTF-8 together, so that each character has one. */
function oneForEach(written: number): void {
  let to = 0;
  for (let at = 0; at < written;) {
    const four = VIEW.getInt32(at, true);
    if ((four & NOT_ASCII) === 0 && at + 4 <= written) {
      VIEW.setInt32(to, four, true);
      at += 4;
      to += 4;
      continue;
    }
    const lead = BYTES[at] as number;
    at += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    BYTES[to++] = lead < 0x80 ? lead : OTHER;
    // What takes four bytes is a pair of surrogates in the text.
    if (lead >= 0xf0) BYTES[to++] = OTHER;
  }
}
