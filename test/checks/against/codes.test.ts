import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { against } from '../../../src/checks/against/against.ts';
import { againstCodes } from '../../../src/checks/against/codes.ts';
import { analyze } from '../../../src/checks/analyze.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import type { Program } from '../../../src/model/program.ts';
import { expectGolden } from '../../support/golden.ts';

const folder = new URL('./', import.meta.url);

function programOf(name: string): Program {
  const { program, accepted, findings } = analyze({
    name,
    text: readFileSync(new URL(name, folder), 'utf8'),
  });
  expect(accepted, renderText(findings)).toBe(true);
  return program;
}

describe.each(againstCodes)('$code: $title', ({ code, severity, explanation }) => {
  const old = programOf(`${code}-old.nom`);

  test('is the only finding of its example, in exactly these words', () => {
    const findings = against(old, programOf(`${code}.nom`));
    expect(findings.map((finding) => `${finding.severity} ${finding.code}`)).toEqual([`${severity} ${code}`]);
    expectGolden(`diagnostics/${code}.txt`, renderText(findings));
  });

  test('is not found where the step is harmless', () => {
    expect(renderText(against(old, programOf(`${code}-accepted.nom`)))).toBe('');
    expect(renderText(against(old, old))).toBe('');
  });

  test('warns, and has a page that says what to do', () => {
    expect(severity).toBe('warning');
    expect(explanation.length).toBeGreaterThan(200);
  });
});
