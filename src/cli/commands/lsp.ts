import type { Command } from '../command.ts';
import { version } from '../../runtime/version.ts';

export const lsp: Command = {
  name: 'lsp',
  register: (parser) => {
    parser
      .command('lsp')
      .summary('serve an editor: findings while typing, hover, completion, renames')
      .description(
        'The language server. Speaks the Language Server Protocol over standard input and output until the editor closes it. ' +
          'Editors start it themselves; see editors/vscode.',
      )
      .option('--stdio', 'accepted because editors pass it; it is always used')
      .action(async () => {
        const [{ serve }, { placeOf, readBelow, takeBelow }, { entriesBelow, programsBelow }] =
          await Promise.all([
            import('../../editor/server.ts'),
            import('../read-below.ts'),
            import('../workspace-folders.ts'),
          ]);
        const files = {
          read: readBelow,
          take: takeBelow,
          placeOf,
          programs: programsBelow,
          entries: entriesBelow,
        };
        serve(process.stdin, process.stdout, version(), files, ({ status, fault }) => {
          if (fault !== undefined) process.stderr.write(`nomnom lsp: ${fault}\n`);
          // Something still watches the editor's process.
          process.exit(status);
        });
      });
  },
};
