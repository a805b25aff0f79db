import type { Command } from 'commander';
import { closest } from '../diagnostics/suggest.ts';
import { visible } from '../text/visible.ts';

/**
 * The command that `help` is asked of: `help dlq list`, `dlq help list`; undefined where no help is asked for. A word that names no
 * command ends the parser as a wrong command does.
 */
export function askedHelp(parser: Command, argv: readonly string[]): Command | undefined {
  const words = argv.filter((word) => !word.startsWith('-'));
  const at = words.indexOf('help');
  if (at < 0) return undefined;
  let command = parser;
  for (const [index, word] of words.entries()) {
    if (index === at) {
      // A command without others takes the word as its own argument: a file may have this name.
      if (command.commands.length === 0) return undefined;
      continue;
    }
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined && index < at) return undefined;
    if (next === undefined) return unknown(command, word);
    command = next;
  }
  return command;
}

/**
 * Ends the parser where help is asked of a word that names no command, as `nope --help` does: the library prints the help of the
 * command above and calls that success, so that a script which asks whether a command is there hears yes.
 */
export function refuseHelpOfUnknown(parser: Command, argv: readonly string[]): void {
  const end = argv.indexOf('--');
  const said = end < 0 ? argv : argv.slice(0, end);
  if (!said.includes('--help') && !said.includes('-h')) return;
  let command = parser;
  for (const word of said.filter((each) => !each.startsWith('-'))) {
    if (command.commands.length === 0 || word === 'help') return;
    command = command.commands.find((each) => each.name() === word) ?? unknown(command, word);
  }
}

function unknown(command: Command, word: string): never {
  const near = closest(
    word,
    command.commands.map((each) => each.name()),
  );
  const meant = near === undefined ? '' : `\n(Did you mean ${near}?)`;
  return command.error(`error: unknown command '${visible(word)}'${meant}`);
}
