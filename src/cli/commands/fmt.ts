import { writeFileSync } from 'node:fs';
import { renderText } from '../../diagnostics/render-text.ts';
import type { Formatted } from '../../syntax/print/format.ts';
import type { SourceFile } from '../../text/source.ts';
import type { Command } from '../command.ts';
import { Ended, EXIT, usage } from '../exit.ts';
import { fileReason } from '../../files/file-reason.ts';
import { quietOption } from '../options.ts';
import { readProgram } from '../program-file.ts';
import { readStandardInput } from '../standard-input.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly check?: true;
  readonly quiet?: true;
}

export const fmt: Command = {
  name: 'fmt',
  register: (parser, terminal) => {
    parser
      .command('fmt')
      .summary('format files')
      .description(
        'Formats each file: indentation, columns, spaces. Meaning and comments stay the same. With -, it formats standard input ' +
          'to standard output. It does not change a file with syntax errors, and ends with exit status 1.',
      )
      .argument('<files...>', '.nom files, or - for standard input')
      .option('--check', 'change nothing; list the files that would change; exit status 1 if there are any')
      .addOption(quietOption())
      .action((files: string[], options: Options) => run(files, options, terminal));
  },
};

async function run(files: readonly string[], options: Options, terminal: Terminal): Promise<void> {
  if (files.includes('-') && files.length > 1)
    throw usage('- is standard input and cannot be combined with files');
  const { formatFile } = await import('../../syntax/print/format.ts');
  const outcomes = files.map((file) => formatOne(file, formatFile, options, terminal));
  const refused = outcomes.includes('refused');
  const wouldChange = options.check === true && outcomes.includes('changed');
  if (refused || wouldChange) throw new Ended(EXIT.fault, '');
}

type Outcome = 'same' | 'changed' | 'refused';

function formatOne(
  file: string,
  format: (source: SourceFile) => Formatted,
  { check, quiet }: Options,
  terminal: Terminal,
): Outcome {
  const piped = file === '-';
  const name = piped ? 'standard input' : file;
  const text = piped ? readStandardInput() : readProgram(file);
  const formatted = format({ name, text });
  if (formatted.kind === 'refused') {
    terminal.note(renderText(formatted.findings, { color: terminal.color }));
    terminal.note(`nomnom: ${name} has syntax errors, so it was not changed\n`);
    return 'refused';
  }
  const changed = formatted.text !== text;
  if (check === true) {
    if (changed) terminal.out(`${name}\n`);
  } else if (piped) terminal.out(formatted.text);
  else if (changed) {
    write(file, formatted.text);
    if (quiet !== true) terminal.out(`${file}\n`);
  }
  return changed ? 'changed' : 'same';
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw usage(`${file} cannot be written: ${fileReason(error)}`);
  }
}
