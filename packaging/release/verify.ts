import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOf } from './faults.ts';
import { manifest, root } from './places.ts';
import { dryRun, printed } from './step.ts';

/*
 * Refuses a release whose versions, tag and changelog disagree, or whose tree has changes. The tag is that of the workflow,
 * else the one of this commit. Only a dry run may have none yet.
 */
const lines = (text: string | undefined): readonly string[] => text?.split('\n').filter(Boolean) ?? [];

const ofWorkflow = process.env['GITHUB_REF_TYPE'] === 'tag' ? process.env['GITHUB_REF_NAME'] : undefined;
const ofCommit = lines(printed('git', ['tag', '--points-at', 'HEAD'])).filter((tag) => /^v\d/.test(tag));
const expected = `v${manifest.version}`;
const tag = ofWorkflow ?? (ofCommit.includes(expected) ? expected : ofCommit[0]);
const faults = [
  ...(tag === undefined && !dryRun ? [`this commit has no tag: expected ${expected}`] : []),
  ...faultsOf({
    tag,
    changes: lines(printed('git', ['status', '--porcelain'])),
    read: (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined),
  }),
];
for (const fault of faults) process.stderr.write(`error: ${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
else process.stdout.write(`${expected}${tag === undefined ? ' (no tag yet)' : ''}: everything agrees\n`);
