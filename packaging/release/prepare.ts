import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { released } from './changelog.ts';
import { root } from './places.ts';
import { refuse } from './step.ts';
import { PLACES, withVersion } from './versions.ts';

/** Writes a version to every place that names it, and gives what was unreleased its heading in the changelog. */
const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/.test(version))
  refuse(`the version is "${version}": expected one such as 1.2.3 (node packaging/release/prepare.ts 1.2.3)`);

function edit(path: string, change: (text: string) => string): void {
  const file = join(root, path);
  if (!existsSync(file)) refuse(`${path} is missing`);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

for (const place of PLACES) edit(place.path, (text) => withVersion(text, place, version));
edit('CHANGELOG.md', (text) => released(text, version, new Date().toISOString().slice(0, 10)));
process.stdout.write(
  `read the changes, then: git commit -am "Release ${version}" && git tag v${version} && git push --follow-tags\n`,
);
