import { readSync, type Stats } from 'node:fs';

/** What is not a regular file, as `a FIFO`; undefined for one that is. */
export function otherKind(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'a device' : 'something else';
}

const PIECE = 1024 * 1024;

/**
 * Reads what is open to its end; undefined where that is more than `most` bytes, whatever the file says of its size. `whileEmpty` is
 * called where there is nothing now and may be later; it throws to end the wait.
 */
export function readAtMost(fd: number, most: number, whileEmpty?: () => void): Buffer | undefined {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, most + 1));
    const count = readOr(fd, piece, whileEmpty);
    if (count === undefined) continue;
    if (count === 0) return Buffer.concat(pieces, size);
    size += count;
    if (size > most) return undefined;
    pieces.push(piece.subarray(0, count));
  }
}

/** Undefined: nothing is there yet. */
function readOr(fd: number, piece: Buffer, whileEmpty: (() => void) | undefined): number | undefined {
  try {
    return readSync(fd, piece, 0, piece.length, null);
  } catch (error) {
    const isEmpty = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
    if (!isEmpty || whileEmpty === undefined) throw error;
    whileEmpty();
    return undefined;
  }
}
