import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { analyze, type Analysis } from '../../src/checks/analyze.ts';
import { codes, descriptions } from '../../src/checks/codes.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { expectGolden } from '../support/golden.ts';

const folder = new URL('./', import.meta.url);

/** Syntax has its examples in test/syntax, pairs of programs in test/checks/against, errors of our own beside them, live servers with the roles. */
const described = [...codes.values()].filter(({ code }) => !/^NOM[0689]/.test(code));

function analysisOf(name: string): Analysis {
  const path = new URL(name, folder);
  if (!existsSync(path)) throw new Error(`test/checks/${name} is missing: every code has an example`);
  return analyze({ name, text: readFileSync(path, 'utf8') }, (other) =>
    readFileSync(new URL(other, folder), 'utf8'),
  );
}

describe.each(described)('$code: $title', ({ code, severity, explanation }) => {
  test('is the only finding of its rejected example, in exactly these words', () => {
    const { findings } = analysisOf(`${code}.nom`);
    expect(findings.map((finding) => `${finding.severity} ${finding.code}`)).toEqual([`${severity} ${code}`]);
    expectGolden(`diagnostics/${code}.txt`, renderText(findings));
  });

  test('is not found once the example is fixed', () => {
    expect(renderText(analysisOf(`${code}-accepted.nom`).findings)).toBe('');
  });

  test('has a page that says why and shows how to fix it', () => {
    expect(explanation.length).toBeGreaterThan(80);
  });
});

test('codes are never used twice', () => {
  const twice = descriptions.filter((each) => codes.get(each.code) !== each);
  expect(twice.map(({ code, title }) => `${code} ${title}`)).toEqual([]);
});
