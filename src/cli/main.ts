import { CommanderError } from 'commander';
import { Failure } from '../ports/failure.ts';
import { endSoon } from '../runtime/end-soon.ts';
import { commands } from './commands/registry.ts';
import { Ended, EXIT } from './exit.ts';
import { missingPackage } from './missing-package.ts';
import { programParser } from './program-parser.ts';
import { processTerminal } from './terminal.ts';
import { version } from '../runtime/version.ts';

const parser = programParser(version());
const terminal = processTerminal(() => parser.opts<{ color: boolean }>().color);
for (const command of commands) command.register(parser, terminal);

// The single executable is one script, which cannot wait at its top level.
void main();

async function main(): Promise<void> {
  try {
    await parser.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    else if (error instanceof Ended) end(error.message, error.status);
    else if (error instanceof Failure) end(error.message, EXIT.fault);
    else {
      const missing = missingPackage(error);
      if (missing === undefined) throw error;
      end(missing.message, missing.status);
    }
  }
}

function end(message: string, status: number): void {
  if (message !== '') terminal.note(`nomnom: ${message}\n`);
  process.exitCode = status;
  endSoon();
}
