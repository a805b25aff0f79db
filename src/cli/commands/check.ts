import { Option } from 'commander';
import type { Analysis } from '../../checks/analyze.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { renderJson } from '../../diagnostics/render-json.ts';
import { MOST_SHOWN, renderText } from '../../diagnostics/render-text.ts';
import type { Command } from '../command.ts';
import { Ended, EXIT, usage } from '../exit.ts';
import { quietOption, rootOption } from '../options.ts';
import { analyzeFile } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';
import { version } from '../../runtime/version.ts';

interface Options {
  readonly root?: string;
  readonly against?: string;
  readonly format: (typeof formats)[number];
  readonly quiet?: true;
  readonly maxFindings: number;
}

const formats = ['text', 'json', 'sarif', 'github'] as const;

export const check: Command = {
  name: 'check',
  register: (parser, terminal) => {
    parser
      .command('check')
      .summary('check files: syntax, names, types, keys, streams and roles')
      .description(
        'Checks each file as a whole program. Starts nothing and connects to no server. --against OLD also compares the file with ' +
          'the program that runs now. It warns if the new program can reject a message that OLD accepted, if a worker of OLD fails ' +
          'after `nomnom apply`, or if data is lost. Warnings do not change the exit status.',
      )
      .argument('<files...>', '.nom files')
      .addOption(
        new Option(
          '--format <format>',
          'format of the findings: sarif is version 2.1.0, github is workflow commands',
        )
          .choices(formats)
          .default('text'),
      )
      .option('--against <old>', 'the .nom file that runs now')
      .addOption(
        new Option(
          '--max-findings <count>',
          'print at most so many findings of a file as text, errors first; 0 prints all that are kept, at most 10,000. Other formats have these',
        )
          .argParser(countOf)
          .default(MOST_SHOWN),
      )
      .addOption(quietOption())
      .addOption(rootOption())
      .action((files: string[], options: Options) => checkFiles(files, options, terminal));
  },
};

/** A whole number; 0 is all. */
function countOf(text: string): number {
  if (!/^\d+$/.test(text)) throw usage(`--max-findings: ${text} is not a whole number`);
  return Number(text) === 0 ? Infinity : Number(text);
}

async function checkFiles(
  files: readonly string[],
  { format, quiet, root, against, maxFindings }: Options,
  terminal: Terminal,
): Promise<void> {
  if (against !== undefined && files.length !== 1)
    throw usage('--against compares a single file with the one that runs now: give only one file');
  const analyses = await compared(
    files.map((file) => analyzeFile(file, root)),
    against,
    root,
  );
  if (format !== 'text') terminal.out(await rendered(format, analyses));
  else
    for (const [at, analysis] of analyses.entries()) {
      terminal.out(renderText(analysis.findings, { color: terminal.color, most: maxFindings }));
      if (analysis.accepted && quiet !== true)
        terminal.out(`${files[at] ?? ''}: accepted, ${summary(analysis)}\n`);
    }
  if (analyses.some((analysis) => !analysis.accepted)) throw new Ended(EXIT.fault, '');
}

/** The same with what the step from the old program to the new one may cost, where both are accepted. */
async function compared(
  analyses: readonly Analysis[],
  old: string | undefined,
  root: string | undefined,
): Promise<readonly Analysis[]> {
  if (old === undefined) return analyses;
  const before = analyzeFile(old, root);
  if (!before.accepted)
    throw new Ended(EXIT.fault, `${old} does not pass the check, so it cannot be compared`);
  const { against } = await import('../../checks/against/against.ts');
  const costs = ({ program, accepted }: Analysis): readonly Diagnostic[] =>
    accepted ? against(before.program, program) : [];
  return analyses.map((analysis) => ({ ...analysis, findings: [...analysis.findings, ...costs(analysis)] }));
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
