import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { renderJson } from '../../src/diagnostics/render-json.ts';

const file = { name: 'shop.nom', text: 'entity Order {\n  id: 😀 int\n}\n' };

test('a finding is plain data with 1-based places whose end is exclusive', () => {
  const finding: Diagnostic = {
    code: 'NOM301',
    severity: 'error',
    message: 'wrong',
    primary: { span: { file, start: 24, end: 27 }, text: 'here' },
    related: [{ span: { file, start: 0, end: 17 }, text: 'there' }],
    help: 'fix it',
  };
  expect(JSON.parse(renderJson([finding, finding]))).toEqual([
    {
      code: 'NOM301',
      severity: 'error',
      message: 'wrong',
      file: 'shop.nom',
      line: 2,
      column: 10,
      endLine: 2,
      endColumn: 13,
      help: 'fix it',
      related: [{ message: 'there', file: 'shop.nom', line: 1, column: 1, endLine: 2, endColumn: 3 }],
    },
  ]);
});

test('what a finding does not have is left out, and nothing found is an empty array', () => {
  const span = { file, start: 0, end: 6 };
  const [finding] = JSON.parse(
    renderJson([{ code: 'NOM006', severity: 'warning', message: 'm', primary: { span }, related: [] }]),
  ) as object[];
  expect(Object.keys(finding ?? {})).toEqual([
    ...['code', 'severity', 'message', 'file', 'line', 'column', 'endLine', 'endColumn'],
  ]);
  expect(JSON.parse(renderJson([]))).toEqual([]);
});
