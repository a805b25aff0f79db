import { CommanderError } from 'commander';
import { Failure } from '../ports/failure.ts';
import { version } from '../runtime/version.ts';
import { askedHelp, refuseHelpOfUnknown } from './asked-help.ts';
import { commands } from './commands/registry.ts';
import { Ended, EXIT } from './exit.ts';
import { fileFault } from './file-fault.ts';
import { missingPackage } from './missing-package.ts';
import { programParser } from './program-parser.ts';
import { visibleLines } from '../text/visible.ts';
import type { Terminal } from './terminal.ts';

/** How a command ended. */
export interface CommandEnd {
  readonly status: number;
  /** It ended before its work was done: connections that it was about to open may still be waiting. */
  readonly early: boolean;
}

/**
 * Runs one command of `nomnom` to its end. `argv` is what follows `nomnom`. What a person is to know is written to the terminal;
 * the status is the one that a process ends with. An error that is neither wrong use nor a failed operation is a bug, and is thrown.
 */
export async function runCommand(
  argv: readonly string[],
  terminalOf: (wanted: () => boolean) => Terminal,
): Promise<CommandEnd> {
  const parser = programParser(version());
  const terminal = terminalOf(() => parser.opts<{ color: boolean }>().color);
  parser.configureOutput({ writeOut: terminal.out, writeErr: terminal.note });
  for (const command of commands) command.register(parser, terminal);
  const end = (message: string, status: number, help?: string): CommandEnd => {
    if (message !== '') terminal.note(`nomnom: ${visibleLines(message)}\n`);
    if (help !== undefined) terminal.note(`  help: ${visibleLines(help)}\n`);
    return { status, early: true };
  };
  try {
    askedHelp(parser, argv)?.help();
    refuseHelpOfUnknown(parser, argv);
    await parser.parseAsync(argv, { from: 'user' });
    return { status: EXIT.done, early: false };
  } catch (error) {
    if (error instanceof CommanderError)
      return { status: error.exitCode === 0 ? EXIT.done : EXIT.usage, early: false };
    if (error instanceof Ended) return end(error.message, error.status, error.help);
    if (error instanceof Failure) return end(error.message, EXIT.fault, error.help);
    const fault = fileFault(error);
    if (fault !== undefined) return end(fault, EXIT.fault);
    const missing = missingPackage(error);
    if (missing === undefined) throw error;
    return end(missing.message, missing.status);
  }
}
