import { Option } from 'commander';
import type { Analysis } from '../../checks/analyze.ts';
import { renderJson } from '../../diagnostics/render-json.ts';
import { renderText } from '../../diagnostics/render-text.ts';
import type { Command } from '../command.ts';
import { Ended, EXIT } from '../exit.ts';
import { quietOption, rootOption } from '../options.ts';
import { analyzeFile } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../version.ts';

interface Options {
  readonly root?: string;
  readonly format: (typeof formats)[number];
  readonly quiet?: true;
}

const formats = ['text', 'json', 'sarif', 'github'] as const;

export const check: Command = {
  name: 'check',
  register: (parser, terminal) => {
    parser
      .command('check')
      .summary('check files as a whole: syntax, names, types, keys, streams and roles')
      .description('Checks each file as a whole program. Nothing is started and no server is asked.')
      .argument('<files...>', '.nom files')
      .addOption(
        new Option(
          '--format <format>',
          'how findings are printed: sarif is version 2.1.0, github are workflow commands',
        )
          .choices(formats)
          .default('text'),
      )
      .addOption(quietOption())
      .addOption(rootOption())
      .action((files: string[], options: Options) => checkFiles(files, options, terminal));
  },
};

async function checkFiles(
  files: readonly string[],
  { format, quiet, root }: Options,
  terminal: Terminal,
): Promise<void> {
  const analyses = files.map((file) => analyzeFile(file, root));
  if (format !== 'text') terminal.out(await rendered(format, analyses));
  else
    for (const [at, analysis] of analyses.entries()) {
      terminal.out(renderText(analysis.findings, { color: terminal.color }));
      if (analysis.accepted && quiet !== true)
        terminal.out(`${files[at] ?? ''}: accepted, ${summary(analysis)}\n`);
    }
  if (analyses.some((analysis) => !analysis.accepted)) throw new Ended(EXIT.fault, '');
}

/** The findings for programs. What a format alone needs is loaded for it alone. */
async function rendered(
  format: Exclude<Options['format'], 'text'>,
  analyses: readonly Analysis[],
): Promise<string> {
  const findings = analyses.flatMap((analysis) => analysis.findings);
  switch (format) {
    case 'json':
      return renderJson(findings);
    case 'github':
      return (await import('../../diagnostics/render-github.ts')).renderGithub(findings);
    case 'sarif': {
      const [{ renderSarif }, { codes }] = await Promise.all([
        import('../../diagnostics/render-sarif.ts'),
        import('../../checks/codes.ts'),
      ]);
      const allowed = analyses.flatMap((analysis) => analysis.allowed);
      return renderSarif(findings, { allowed, codes, version: version() });
    }
  }
}

function summary({ program }: Analysis): string {
  const counts: readonly (readonly [number, string, string])[] = [
    [program.entities.length, 'entity', 'entities'],
    [program.stores.length, 'table', 'tables'],
    [program.roles.length, 'role', 'roles'],
  ];
  return counts.map(([count, one, many]) => `${count} ${count === 1 ? one : many}`).join(', ');
}
