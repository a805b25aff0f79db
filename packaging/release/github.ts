import { join } from 'node:path';
import { channel } from './channel.ts';
import { releasedFiles, writeChecksums } from './checksums.ts';
import { notesFile, writeNotes } from './notes.ts';
import { folder, manifest } from './places.ts';
import { dryRun, printed, publish } from './step.ts';

/**
 * Makes the release on GitHub: every file of `dist/release` with its checksum, and the notes from the changelog. Safe to repeat:
 * a release that is there gets the files anew.
 */
writeNotes();
writeChecksums();
const tag = `v${manifest.version}`;
const files = [...releasedFiles(), 'SHA256SUMS'].map((name) => join(folder, name));
const exists = !dryRun && printed('gh', ['release', 'view', tag]) !== undefined;
if (exists) publish('gh', ['release', 'upload', tag, ...files, '--clobber']);
else {
  const notes = ['--title', tag, '--notes-file', notesFile, '--verify-tag'];
  publish('gh', ['release', 'create', tag, ...files, ...notes, ...channel().githubFlags]);
}
