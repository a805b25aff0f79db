import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { chunksOf } from '../../src/cli/ndjson-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'lines.ndjson');

interface Read {
  readonly number: number;
  readonly line: string;
}

/** Every byte as one character. */
async function read(bytes: Uint8Array, limits = { lines: 3, bytes: 50 }) {
  writeFileSync(path, bytes);
  const lines: Read[] = [];
  let endsAt = 0;
  for await (const chunk of chunksOf(path, limits)) {
    expect(chunk.lines.length).toBeLessThanOrEqual(limits.lines);
    chunk.lines.forEach((line, at) =>
      lines.push({ number: chunk.numbers[at] ?? 0, line: Buffer.from(line).toString('latin1') }),
    );
    ({ endsAt } = chunk);
  }
  return { lines, endsAt };
}

/** Bytes that some reader takes for the end of a line, for a mark, or for another character. */
const PIECES = ['\n', '\r\n', '\r', ' ', '\t', '{}', '\u2028', '\u2029', '\u0085', '\v', '\f', '\uFEFF', 'é'];

test('only a newline ends a line, and every byte of a line arrives as it is', async () => {
  const piece = fc.oneof(
    fc.constantFrom(...PIECES).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const text = Buffer.concat(pieces)
        .toString('latin1')
        .replace(/^\xEF\xBB\xBF/, '');
      const expected = text
        .split('\n')
        .map((line, at) => ({ number: at + 1, line: line.replace(/\r$/, '') }))
        .filter(({ line }) => /[^ \t\r]/.test(line));
      expect((await read(Buffer.concat(pieces))).lines).toEqual(expected);
    }),
  );
});

test('a line may be longer than what is read at once, and than a chunk', async () => {
  const long = 'x'.repeat(300_000);
  const { lines, endsAt } = await read(Buffer.from(`a\n${long}\nb`));
  expect(lines).toEqual([
    { number: 1, line: 'a' },
    { number: 2, line: long },
    { number: 3, line: 'b' },
  ]);
  expect(endsAt).toBe(300_005);
});

test('a line that no role takes is named, and is not read to its end', async () => {
  const whole = Buffer.concat([Buffer.from('{}\n'), Buffer.alloc(70 * 1024 * 1024, 0x61)]);
  await expect(read(whole)).rejects.toThrow(`${path}:2: the line has more than 64 MB`);
});
