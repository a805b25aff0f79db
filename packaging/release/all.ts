import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { folder, root } from './places.ts';
import { dryRun, NOT_HERE, refuse } from './step.ts';

/**
 * `node packaging/release/all.ts --dry-run`: every step of a release that this machine can do, in an empty `dist/release`,
 * without publishing anything. Ends with the files, their sizes and their checksums, and names what was not made here.
 */
const STEPS = ['npm', 'vscode', 'binary', 'chart', 'image', 'github'] as const;

if (!dryRun)
  refuse('all steps at once are for a dry run only; a release is made by .github/workflows/release.yaml');
const status = (step: string): number | null =>
  spawnSync(process.execPath, [join(import.meta.dirname, `${step}.ts`), '--dry-run'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  }).status;

if (status('verify') !== 0) refuse('this is no release yet');
rmSync(folder, { recursive: true, force: true });
const absent: string[] = [];
for (const step of STEPS) {
  process.stdout.write(`-- ${step}\n`);
  const ended = status(step);
  if (ended === NOT_HERE) absent.push(step);
  else if (ended !== 0) refuse(`the step ${step} failed`);
}
if (absent.length > 0) process.stdout.write(`not made on this machine: ${absent.join(', ')}\n`);
