import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { renderGithub } from '../../src/diagnostics/render-github.ts';

const file = { name: 'a,b:c.nom', text: 'entity A {\n  id: int\n}\n' };
const finding: Diagnostic = {
  code: 'NOM201',
  severity: 'error',
  message: '100% wrong',
  primary: { span: { file, start: 13, end: 15 } },
  related: [],
};

test('a finding is one workflow command with its place, escaped as the runner reads it', () => {
  expect(renderGithub([finding])).toBe(
    '::error file=a%2Cb%3Ac.nom,line=2,endLine=2,col=3,endColumn=5,title=NOM201::100%25 wrong\n',
  );
});

test('related places and help follow the message on lines of their own', () => {
  const related = [{ span: { file, start: 7, end: 8 }, text: 'declared here' }];
  expect(renderGithub([{ ...finding, severity: 'warning', related, help: 'fix it' }])).toBe(
    '::warning file=a%2Cb%3Ac.nom,line=2,endLine=2,col=3,endColumn=5,title=NOM201::' +
      '100%25 wrong%0Aa,b:c.nom:1:8: declared here%0Ahelp: fix it\n',
  );
});

test('over several lines there are no columns, which the runner would read as those of one line', () => {
  const primary = { span: { file, start: 0, end: 22 } };
  expect(renderGithub([{ ...finding, primary }])).toContain(
    '::error file=a%2Cb%3Ac.nom,line=1,endLine=3,title=',
  );
});

test('no findings are no commands', () => {
  expect(renderGithub([])).toBe('');
});
