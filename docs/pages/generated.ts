import { format } from 'oxfmt';
import { ebnf } from '../../grammar/ebnf.ts';
import { grammarRules } from '../../grammar/production.ts';
import { railroad } from '../../grammar/railroad.ts';
import { textMateGrammar } from '../../grammar/textmate.ts';
import { attributesPage } from './attributes.ts';
import { chartFiles } from './chart-files.ts';
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
    ...chartFiles(),
    ...grammarRules().map(
      ({ name, production }) => [`docs/reference/grammar/${name}.svg`, railroad(production)] as const,
    ),
  ]);
  const formatted = [...files].map(async ([path, text]) => [path, await formattedText(path, text)] as const);
  return new Map(await Promise.all(formatted));
}

async function formattedText(path: string, text: string): Promise<string> {
  if (!/\.(md|json)$/.test(path)) return text;
  const { code, errors } = await format(path, text, { printWidth: 110 });
  if (errors.length > 0) throw new Error(`${path} cannot be formatted`, { cause: errors });
  return code;
}
