import { codes } from '../../src/checks/codes.ts';
import type { CodeDescription } from '../../src/diagnostics/diagnostic.ts';
import { table } from './markdown.ts';

const families: Readonly<Record<string, string>> = {
  '0': 'Syntax',
  '1': 'Names',
  '2': 'Keys and tables',
  '3': 'Types and expressions',
  '4': 'Derivations',
  '5': 'Streams and roles',
  '9': 'Live servers',
};

/** `docs/reference/checks.md`: every finding by family, with its page. */
export function checksPage(): string {
  const all = [...codes.values()];
  const groups = Object.entries(families).flatMap(([digit, title]) => {
    const members = all.filter(({ code }) => code.startsWith(`NOM${digit}`));
    return members.length === 0 ? [] : [{ title, members }];
  });
  return [
    '# Checks',
    '`nomnom check` reports findings with these codes. An error keeps everything from starting; a warning does not.',
    '`nomnom explain NOM204` prints a section of this page. Codes are never reused.',
    ...groups.map(({ title, members }) =>
      [
        `\n## ${title}\n`,
        table(
          ['code', 'severity', 'finding'],
          members.map(({ code, severity, title }) => [`[${code}](#${code.toLowerCase()})`, severity, title]),
        ),
        ...members.map(section),
      ].join('\n'),
    ),
  ].join('\n');
}

function section({ code, severity, title, explanation }: CodeDescription): string {
  return `\n### ${code}\n\n**${title}** (${severity})\n\n${explanation}\n`;
}
