import { Option } from 'commander';
import type { Analysis } from '../../checks/analyze.ts';
import { renderJson } from '../../diagnostics/render-json.ts';
import { renderText } from '../../diagnostics/render-text.ts';
import type { Command } from '../command.ts';
import { Ended, EXIT } from '../exit.ts';
import { quietOption } from '../options.ts';
import { analyzeFile } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly format: 'text' | 'json';
  readonly quiet?: true;
}

export const check: Command = {
  name: 'check',
  register: (parser, terminal) => {
    parser
      .command('check')
      .summary('check files as a whole: syntax, names, types, keys, streams and roles')
      .description('Checks each file as a whole program. Nothing is started and no server is asked.')
      .argument('<files...>', '.nom files')
      .addOption(
        new Option('--format <format>', 'how findings are printed').choices(['text', 'json']).default('text'),
      )
      .addOption(quietOption())
      .action((files: string[], options: Options) => checkFiles(files, options, terminal));
  },
};

function checkFiles(files: readonly string[], { format, quiet }: Options, terminal: Terminal): void {
  const analyses = files.map(analyzeFile);
  if (format === 'json')
    terminal.out(`${renderJson(analyses.flatMap((analysis) => analysis.findings)).trimEnd()}\n`);
  else
    for (const [at, analysis] of analyses.entries()) {
      terminal.out(renderText(analysis.findings, { color: terminal.color }));
      if (analysis.accepted && quiet !== true)
        terminal.out(`${files[at] ?? ''}: accepted, ${summary(analysis)}\n`);
    }
  if (analyses.some((analysis) => !analysis.accepted)) throw new Ended(EXIT.fault, '');
}

function summary({ program }: Analysis): string {
  const counts: readonly (readonly [number, string, string])[] = [
    [program.entities.length, 'entity', 'entities'],
    [program.stores.length, 'table', 'tables'],
    [program.roles.length, 'role', 'roles'],
  ];
  return counts.map(([count, one, many]) => `${count} ${count === 1 ? one : many}`).join(', ');
}
