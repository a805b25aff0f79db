import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { against } from '../../src/checks/against/against.ts';
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
  '6': 'From one version to the next',
  '8': 'Errors of nomnom itself',
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
    '`nomnom check` reports findings with these codes. An error stops nomnom from starting; a warning does not.',
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
  const step = stepExample(code);
  if (step !== undefined) return step;
  const name = `${code}.nom`;
  const text = readFile(name);
  if (text === undefined) return '';
  const printed = renderText(analyze({ name, text }, readFile).findings);
  return `\nFor example,\n\n\`\`\`nom\n${text.trimEnd()}\n\`\`\`\n\nprints\n\n\`\`\`text\n${printed.trimEnd()}\n\`\`\`\n`;
}

/** For a finding about the step from one program to the next: both, and what is printed for them. */
function stepExample(code: string): string | undefined {
  const folder = join(import.meta.dirname, '../../test/checks/against');
  const old = `${code}-old.nom`;
  const now = `${code}.nom`;
  if (!existsSync(join(folder, old))) return undefined;
  const [before, after] = [old, now].map((name) =>
    analyze({ name, text: readFileSync(join(folder, name), 'utf8') }),
  );
  if (before === undefined || after === undefined) return undefined;
  const printed = renderText(against(before.program, after.program));
  const text = (name: string): string =>
    `\`\`\`nom\n${readFileSync(join(folder, name), 'utf8').trimEnd()}\n\`\`\``;
  return `\nFor example, the step from\n\n${text(old)}\n\nto\n\n${text(now)}\n\nprints\n\n\`\`\`text\n${printed.trimEnd()}\n\`\`\`\n`;
}
