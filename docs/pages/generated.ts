import { format, resolveConfig } from 'prettier';
import { ebnf } from '../../grammar/ebnf.ts';
import { grammarRules } from '../../grammar/production.ts';
import { railroad } from '../../grammar/railroad.ts';
import { textMateGrammar } from '../../grammar/textmate.ts';
import { attributesPage } from './attributes.ts';
import { checksPage } from './checks.ts';
import { commandsPage } from './commands.ts';
import { failuresPage } from './failures.ts';
import { functionsPage } from './functions.ts';
import { grammarPage } from './grammar.ts';
import { metricsPage } from './metrics.ts';
import { problemsPage } from './problems.ts';
import { settingsPage } from './settings.ts';
import { typesPage } from './types.ts';

/** Every file that is made from the grammar and the registries: path in the project and text. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>([
    ['grammar/nomnom.ebnf', ebnf()],
    ['editors/vscode/syntaxes/nomnom.tmLanguage.json', textMateGrammar()],
    ['docs/reference/grammar.md', grammarPage()],
    ['docs/reference/types.md', typesPage()],
    ['docs/reference/attributes.md', attributesPage()],
    ['docs/reference/functions.md', functionsPage()],
    ['docs/reference/checks.md', checksPage()],
    ['docs/reference/settings.md', settingsPage()],
    ['docs/reference/commands.md', commandsPage()],
    ['docs/reference/failures.md', failuresPage()],
    ['docs/reference/problems.md', problemsPage()],
    ['docs/reference/metrics.md', metricsPage()],
    ...grammarRules().map(
      ({ name, production }) => [`docs/reference/grammar/${name}.svg`, railroad(production)] as const,
    ),
  ]);
  const config = await resolveConfig(import.meta.filename);
  const formatted = [...files].map(async ([path, text]) => {
    const pretty = /\.(md|json)$/.test(path) ? await format(text, { ...config, filepath: path }) : text;
    return [path, pretty] as const;
  });
  return new Map(await Promise.all(formatted));
}
