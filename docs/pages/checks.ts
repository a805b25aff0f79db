import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze } from '../../src/checks/analyze.ts';
import { codes } from '../../src/checks/codes.ts';
import type { CodeDescription } from '../../src/diagnostics/diagnostic.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
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
  return `\n### ${code}\n\n**${title}** (${severity})\n\n${explanation}\n${example(code)}`;
}

/** The rejected example that the tests hold, and what is printed for it. */
function example(code: string): string {
  const folder = join(import.meta.dirname, '../../test/checks');
  const readFile = (path: string): string | undefined =>
    existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined;
  const name = `${code}.nom`;
  const text = readFile(name);
  if (text === undefined) return '';
  const printed = renderText(analyze({ name, text }, readFile).findings);
  return `\nFor example\n\n\`\`\`nom\n${text.trimEnd()}\n\`\`\`\n\nprints\n\n\`\`\`text\n${printed.trimEnd()}\n\`\`\`\n`;
}
