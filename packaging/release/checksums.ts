import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './places.ts';

const NAME = 'SHA256SUMS';

/** The files of the release, in the order of their names. */
export const releasedFiles = (): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name !== NAME)
    .toSorted();

/** Writes `SHA256SUMS`, which `sha256sum --check` reads, and lists the files with their sizes. */
export function writeChecksums(): void {
  const files = releasedFiles().map((name) => {
    const bytes = readFileSync(join(folder, name));
    return { name, size: bytes.length, sum: createHash('sha256').update(bytes).digest('hex') };
  });
  writeFileSync(join(folder, NAME), files.map(({ name, sum }) => `${sum}  ${name}\n`).join(''));
  for (const { name, size, sum } of files)
    process.stdout.write(`${(size / 1e6).toFixed(1).padStart(7)} MB  ${sum}  ${name}\n`);
}
