import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fault, usage } from './exit.ts';

/** Some lines of an NDJSON file, to be sent in one request. */
export interface Chunk {
  /** Blank lines are left out. */
  readonly lines: readonly Uint8Array[];
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

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BOM = Buffer.from('\uFEFF');
/** Bytes of a line: no role takes a larger message. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Reads a file line by line, in bounded memory whatever its size: its bytes as they are, without a byte order mark at the beginning and carriage returns at
 * the ends of lines. Throws a fault that names a line which no role would take.
 */
export async function* chunksOf(path: string, limits: ChunkLimits): AsyncGenerator<Chunk> {
  let lines: Buffer[] = [];
  let numbers: number[] = [];
  let bytes = 0;
  let number = 0;
  let endsAt = 0;
  for await (const read of linesOf(path)) {
    number += 1;
    const length = read.length + 1;
    endsAt += length;
    const line = read.at(-1) === RETURN ? read.subarray(0, -1) : read;
    if (isBlank(line)) continue;
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

/** A string of JSON may hold U+2028 and whatever else some take for the end of a line: only a newline ends one. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let started: Buffer[] = [];
  let length = 0;
  let number = 1;
  const line = (rest: Buffer): Buffer => {
    const whole = started.length === 0 ? rest : Buffer.concat([...started, rest]);
    started = [];
    length = 0;
    const hasMark = number === 1 && whole.subarray(0, BOM.length).equals(BOM);
    number += 1;
    return hasMark ? whole.subarray(BOM.length) : whole;
  };
  for await (const read of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (;;) {
      const end = read.indexOf(NEWLINE, from);
      if (end < 0) break;
      yield line(read.subarray(from, end));
      from = end + 1;
    }
    if (from === read.length) continue;
    started.push(read.subarray(from));
    length += read.length - from;
    if (length > LONGEST_LINE) throw fault(`${path}:${number}: the line has more than 64 MB`);
  }
  if (length > 0) yield line(Buffer.alloc(0));
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === RETURN);
}
