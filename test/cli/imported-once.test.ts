import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyzeFile } from '../../src/cli/program-file.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nomnom-imports-'));
  mkdirSync(join(folder, 'parts'));
  writeFileSync(join(folder, 'common.nom'), 'shape Common { name: text }\nenum Size { Small = "s" }\n');
  writeFileSync(join(folder, 'parts/copy.nom'), 'shape Common { name: text }\n');
  writeFileSync(join(folder, 'parts/sizes.nom'), 'import "../common.nom"\nshape Sized { size: Size }\n');
  symlinkSync('common.nom', join(folder, 'same.nom'));
  symlinkSync('.', join(folder, 'here'));
  symlinkSync('../common.nom', join(folder, 'parts/link.nom'));
  symlinkSync('main.nom', join(folder, 'main-link.nom'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function findings(imports: readonly string[]): readonly string[] {
  const main = join(folder, 'main.nom');
  const lines = imports.map((path) => `import "${path}"\n`).join('');
  writeFileSync(
    main,
    `${lines}entity A { id: int  ...Common  size: Size  store a { key (id)  upsert on (id) } }\n`,
  );
  return analyzeFile(main).findings.map(({ code, message }) => `${code} ${message}`);
}

test.each([
  [['common.nom', './common.nom', 'parts/../common.nom']],
  [['common.nom', '../FOLDER/common.nom']],
  [['common.nom', 'same.nom']],
  [['same.nom', 'common.nom']],
  [['here/common.nom', 'common.nom']],
  [['parts/sizes.nom', 'same.nom', 'parts/link.nom', 'here/here/parts/sizes.nom']],
])('a file that is imported by several paths is read once: %j', (imports) => {
  expect(findings(imports.map((path) => path.replace('FOLDER', basename(folder))))).toEqual([]);
});

test('a copy is another file', () => {
  expect(findings(['common.nom', 'parts/copy.nom'])).toEqual(['NOM102 `Common` is declared twice']);
});

test('a file that imports itself through a link is a circle', () => {
  const [first] = findings(['common.nom', 'main-link.nom']);
  expect(first).toContain('NOM112 these files import each other in a circle');
  expect(first).toContain('main.nom → ');
});
