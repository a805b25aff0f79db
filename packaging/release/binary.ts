import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folder, manifest, root } from './places.ts';
import { printed, refuse, run } from './step.ts';

/**
 * Builds the single executable for this platform, starts it, and packs it. `github.ts` publishes it with those of the other
 * platforms.
 */
if (process.platform === 'win32')
  refuse('the executable is not built for Windows: a role could not set its limits of memory there');
const work = mkdtempSync(join(tmpdir(), 'nomnom-release-'));
process.once('exit', () => rmSync(work, { recursive: true, force: true }));
const program = join(work, 'nomnom');
run(process.execPath, [join(root, 'packaging/binary.ts'), program]);
const version = printed(program, ['--version']);
if (version !== manifest.version)
  refuse(`the executable says version ${version}: expected ${manifest.version}`);
run(program, ['check', 'pipelines/webshop.nom']);
copyFileSync(join(root, 'LICENSE'), join(work, 'LICENSE'));
mkdirSync(folder, { recursive: true });
const file = join(folder, `nomnom-${manifest.version}-${process.platform}-${process.arch}.tar.gz`);
run('tar', ['-czf', file, '-C', work, 'nomnom', 'LICENSE']);
