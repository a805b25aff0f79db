import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sectionsOf } from './changelog.ts';
import { manifest, root } from './places.ts';
import { refuse } from './step.ts';

/** Not among the files that are published. */
export const notesFile = join(root, 'dist/release-notes.md');

/** Writes what the changelog says of this version to `dist/release-notes.md`; its links lead to the files of the tag. */
export function writeNotes(): void {
  const { version } = manifest;
  const section = sectionsOf(readFileSync(join(root, 'CHANGELOG.md'), 'utf8')).find(
    ({ title }) => title === version,
  );
  if (section === undefined) refuse(`CHANGELOG.md has no section ${version}`);
  const base = `https://github.com/nomnom-run/nomnom/blob/v${version}/`;
  mkdirSync(dirname(notesFile), { recursive: true });
  writeFileSync(notesFile, `${section.text.replaceAll(/\]\((?![a-z]+:|#)/g, `](${base}`)}\n`);
}
