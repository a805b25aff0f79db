import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import type { SourceFile } from '../../src/text/source.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function filesIn(folder: string): readonly SourceFile[] {
  return readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.nom'))
    .toSorted()
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(`${root}${folder}/${name}`, 'utf8') }));
}

/** The project's own programs. */
export const pipelines = filesIn('pipelines');

/** Every `.nom` file of the project, right and wrong. */
export const everyFile = [...pipelines, ...filesIn('test/examples'), ...filesIn('test/checks')];

/** The errors of syntax in a text. */
export function syntaxErrors(source: SourceFile): readonly Diagnostic[] {
  const errors: Diagnostic[] = [];
  parseFile(source, (finding) => {
    if (finding.severity === 'error') errors.push(finding);
  });
  return errors;
}
