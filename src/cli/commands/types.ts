import type { Command } from '../command.ts';
import { rootOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly root?: string;
}

export const types: Command = {
  name: 'types',
  register: (parser, terminal) => {
    parser
      .command('types')
      .summary('print TypeScript types of messages and rows')
      .description(
        'Prints TypeScript declarations: a type for each enum, shape and entity in a message, and for the rows of each table as ' +
          '`nomnom eval` prints them. bigint and decimal are strings in rows, so that no digit is lost.',
      )
      .argument('<file>', 'the .nom file')
      .addOption(rootOption())
      .action((file: string, { root }: Options) => run(file, root, terminal));
  },
};

async function run(file: string, root: string | undefined, terminal: Terminal): Promise<void> {
  const { program } = loadPlan(file, terminal, root).analysis;
  const { typescriptText } = await import('../../tools/typescript/declarations.ts');
  terminal.out(typescriptText(program));
}
