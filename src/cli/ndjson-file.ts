import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { usage } from './exit.ts';

/** Some lines of an NDJSON file, to be sent in one request. */
export interface Chunk {
  /** Blank lines are left out. */
  readonly lines: readonly string[];
  /** The 1-based number in the file of each line. */
  readonly numbers: readonly number[];
  /** Bytes of the file up to the end of this chunk. */
  readonly endsAt: number;
}

export interface ChunkLimits {
  readonly lines: number;
  readonly bytes: number;
}

/** Bytes of a file that the user named; a missing one is wrong use. */
export async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw usage(`there is no file ${path}`);
  if (!found.isFile()) throw usage(`${path} is not a file`);
  return found.size;
}

/** Reads a file line by line, in bounded memory whatever its size. */
export async function* chunksOf(path: string, limits: ChunkLimits): AsyncGenerator<Chunk> {
  const reader = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let lines: string[] = [];
  let numbers: number[] = [];
  let bytes = 0;
  let number = 0;
  let endsAt = 0;
  for await (const line of reader) {
    number += 1;
    const length = Buffer.byteLength(line) + 1;
    endsAt += length;
    if (line.trim() === '') continue;
    if (lines.length > 0 && (lines.length >= limits.lines || bytes + length > limits.bytes)) {
      yield { lines, numbers, endsAt: endsAt - length };
      lines = [];
      numbers = [];
      bytes = 0;
    }
    lines.push(line);
    numbers.push(number);
    bytes += length;
  }
  if (lines.length > 0) yield { lines, numbers, endsAt };
}
