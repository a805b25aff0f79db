import { Argument, Option } from 'commander';
import type { Command } from '../command.ts';
import { usage } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

interface Options {
  readonly roles?: string;
}

export const completion: Command = {
  name: 'completion',
  register: (parser, terminal) => {
    parser
      .command('completion')
      .summary('print the script that completes nomnom in a shell')
      .description(
        'Prints a script that lets a shell complete commands, options, their values, and .nom files. bash: ' +
          '`source <(nomnom completion bash)`; zsh: `source <(nomnom completion zsh)` after compinit; fish: ' +
          '`nomnom completion fish | source`. Put the line into ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish.',
      )
      .addArgument(new Argument('[shell]', 'the shell').choices(SHELLS))
      .addOption(new Option('--roles <file>', 'print the roles of a file, as the scripts ask').hideHelp())
      .action((shell: Shell | undefined, options: Options) => {
        if (options.roles !== undefined) return printRoles(options.roles, terminal);
        if (shell === undefined) throw usage(`which shell? nomnom completes in ${SHELLS.join(', ')}`);
        return run(shell, parser, terminal);
      });
  },
};

/** Nothing where the file cannot be read or is wrong: whoever completes a word wants no message. */
async function printRoles(file: string, terminal: Terminal): Promise<void> {
  const [{ analyzeFile }, { compilePlan }] = await Promise.all([
    import('../program-file.ts'),
    import('../../plan/compile.ts'),
  ]);
  const { accepted, program } = analyzeFile(file);
  if (accepted) for (const { name } of compilePlan(program, file).roles) terminal.out(`${name}\n`);
}

async function run(
  shell: Shell,
  parser: Parameters<Command['register']>[0],
  terminal: Terminal,
): Promise<void> {
  const { completed } = await import('../completion/completed.ts');
  const all = completed(parser);
  switch (shell) {
    case 'bash': {
      const { bashCompletion } = await import('../completion/bash.ts');
      return terminal.out(bashCompletion(all));
    }
    case 'zsh': {
      const { zshCompletion } = await import('../completion/zsh.ts');
      return terminal.out(zshCompletion(all));
    }
    case 'fish': {
      const { fishCompletion } = await import('../completion/fish.ts');
      return terminal.out(fishCompletion(all));
    }
  }
}
