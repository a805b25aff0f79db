import { Buffer, isUtf8 } from 'node:buffer';
import { escapedCharacter, STANDARD } from './hl7-encoding.ts';

/** One sequence, or several of bytes in a row, which may be the bytes of one character. */
const ESCAPE = /(?:\\X(?:[0-9A-Fa-f]{2})+\\)+|\\([A-Za-z.][A-Za-z0-9.+]*)(?=\\)/g;

/**
 * The text that a part of a segment stands for: the escapes of the structuring characters, of bytes (as UTF-8 where they
 * are, else ISO 8859-1) and of line ends; highlighting is removed. Any other sequence does not change.
 */
export function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  let result = '';
  let at = 0;
  for (;;) {
    ESCAPE.lastIndex = at;
    const match = ESCAPE.exec(text);
    if (match === null) return result + text.slice(at);
    result += text.slice(at, match.index);
    const [written, sequence] = match;
    const meant = sequence === undefined ? bytesIn(written) : meaningOf(sequence);
    result += meant ?? written;
    // The backslash behind a sequence without a meaning may begin the next one.
    const behind = sequence === undefined || meant === undefined ? 0 : 1;
    at = match.index + written.length + behind;
  }
}

function meaningOf(sequence: string): string | undefined {
  if (sequence === 'H' || sequence === 'N') return '';
  if (sequence === '.br') return '\n';
  const space = /^\.sp\+?([0-9]{0,2})$/.exec(sequence);
  if (space !== null) return '\n'.repeat(Math.max(Number(space[1]), 1));
  return escapedCharacter(sequence, STANDARD);
}

/** Sequences in a row are one text in UTF-8 where they can be, else each is for itself. */
function bytesIn(sequences: string): string {
  const bytes = Buffer.from(sequences.replaceAll(/\\X?/g, ''), 'hex');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const single = sequences.split('\\').filter((sequence) => sequence !== '');
  return single.length === 1
    ? bytes.toString('latin1')
    : single.map((each) => bytesIn(`\\${each}\\`)).join('');
}
