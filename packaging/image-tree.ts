import {
  chmodSync,
  cpSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { billOfMaterials } from './bill-of-materials.ts';

/** What the folder of the image has beside the packages: from the build, and in the image. */
const FILES: readonly (readonly [string, string])[] = [
  ['bin', 'bin'],
  ['dist/src', 'dist/src'],
  ['pipelines', 'pipelines'],
  ['package.json', 'package.json'],
  ['LICENSE', 'LICENSE'],
  ['CHANGELOG.md', 'CHANGELOG.md'],
  ['packaging/image-health.js', 'health.js'],
];
/** Only people who develop the pipelines need these. */
const LEFT_OUT = /^(?:README\.md|.*\.ts)$/;

/**
 * Completes the tree that becomes the one layer of the image: `image`/opt/nomnom, which has the packages, and an empty
 * `image`/pipeline. Everything gets the time `seconds` and the same rights, so that two builds give the same bytes.
 */
function completeTree(build: string, image: string, seconds: number): void {
  const home = join(image, 'opt/nomnom');
  for (const [from, to] of FILES)
    cpSync(join(build, from), join(home, to), {
      recursive: true,
      filter: (path) => !(path.includes('/pipelines/') && LEFT_OUT.test(basename(path))),
    });
  for (const name of ['package-lock.json', '.npmrc']) rmSync(join(home, name));
  writeFileSync(
    join(home, 'sbom.json'),
    billOfMaterials(readFileSync(join(build, 'dist/sbom.json'), 'utf8')),
  );
  mkdirSync(join(image, 'pipeline'), { recursive: true });
  settle(image, seconds);
}

/** Folders after what is in them: a change inside would change their time. */
function settle(path: string, seconds: number): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) settle(inner, seconds);
    else if (entry.isFile()) chmodSync(inner, (statSync(inner).mode & 0o100) === 0 ? 0o644 : 0o755);
    if (!entry.isDirectory()) lutimesSync(inner, seconds, seconds);
  }
  chmodSync(path, 0o755);
  lutimesSync(path, seconds, seconds);
}

const [build = '', image = '', seconds = '0'] = process.argv.slice(2);
completeTree(build, image, Number(seconds));
