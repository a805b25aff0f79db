import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { readBelow } from '../../src/cli/read-below.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nomnom-near-'));
  for (const path of ['shop/shared', 'shop/many', 'outside'])
    mkdirSync(join(folder, path), { recursive: true });
  for (const path of [
    'shop/shared/addresses.nom',
    'shop/countries.csv',
    'shop/.hidden.csv',
    'outside/secret.nom',
  ])
    writeFileSync(join(folder, path), '');
  for (let at = 0; at < 20; at += 1) writeFileSync(join(folder, `shop/many/file-${at}.nom`), '');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RELATIVE = 'a path is relative to the file in which it stands';

test.each([
  ['import "share/addresses.nom"', 'did you mean `"shared/addresses.nom"`?'],
  ['import "./shared/adresses.nom"', 'did you mean `"./shared/addresses.nom"`?'],
  ['import "common/addresses.nom"', `there is no folder "common"; ${RELATIVE}`],
  ['import "shared/people.nom"', 'the folder has "addresses.nom"'],
  ['import "many/other.nom"', RELATIVE],
  ['import "share/people.nom"', `there is no folder "share"; ${RELATIVE}`],
  ['lookup L "country.csv" { code: text  key (code) }', 'did you mean `"countries.csv"`?'],
])('%s gets the name that was meant', (text, help) => {
  const main = join(folder, 'shop/main.nom');
  const { findings } = analyze({ name: main, text }, (path, kind) =>
    readBelow(join(folder, 'shop'), path, kind),
  );
  const found = findings.find(({ code }) => code === 'NOM112' || code === 'NOM113');
  expect(found?.help).toBe(help);
});

test('nothing outside of the folder of the program is named', () => {
  const main = join(folder, 'shop/main.nom');
  const { findings } = analyze({ name: main, text: 'import "../outside/secrt.nom"' }, (path, kind) =>
    readBelow(join(folder, 'shop'), path, kind),
  );
  expect(JSON.stringify(findings.map(({ message, help }) => [message, help]))).not.toContain('secret');
});
