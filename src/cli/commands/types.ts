import type { Command } from '../command.ts';
import { loadPlan } from '../program-file.ts';
import type { Terminal } from '../terminal.ts';

export const types: Command = {
  name: 'types',
  register: (parser, terminal) => {
    parser
      .command('types')
      .summary('print TypeScript types of messages and rows')
      .description(
        'Prints TypeScript declarations: a type for each enum, shape and entity as a message may be, and for the rows of each\n' +
          'table as `nomnom eval` prints them. bigint and decimal are strings in rows, so that no digit is lost.',
      )
      .argument('<file>', 'the .nom file')
      .action((file: string) => run(file, terminal));
  },
};

async function run(file: string, terminal: Terminal): Promise<void> {
  const { program } = loadPlan(file, terminal).analysis;
  const { typescriptText } = await import('../../tools/typescript/declarations.ts');
  terminal.out(typescriptText(program));
}
