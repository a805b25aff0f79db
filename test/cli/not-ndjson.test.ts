import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { notNdjson } from '../../src/cli/not-ndjson.ts';

test.each([
  ['{"id":1}\n{"id":2}\n', 'it is'],
  [`{"id":"${'a'.repeat(10_000)}"}\n`, 'it is'],
  ['\uFEFF{"id":1}\n', 'it is'],
  ['[{"id":1}]\n', "jq -c '.[]' FILE"],
  ['{\n  "id": 1\n}\n', 'jq -c . FILE'],
  ['id,name\n1,tea\n', 'docs/csv.md'],
  ['"id";"name"\n1;"tea"\n', 'docs/csv.md'],
  ['<xml/>\n', 'is not NDJSON'],
  ['', 'is not NDJSON'],
])('of %j', (text, help) => {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-ndjson-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'data');
  writeFileSync(file, text);
  expect(notNdjson(file) ?? 'it is').toContain(help);
});
