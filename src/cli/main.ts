import { endSoon } from '../runtime/end-soon.ts';
import { endWithLauncher, endWithReader } from '../runtime/left-alone.ts';
import { runCommand } from './run-command.ts';
import { processTerminal } from './terminal.ts';

// The single executable is one script, which cannot wait at its top level.
void main();

async function main(): Promise<void> {
  endWithReader();
  endWithLauncher();
  const { status, early } = await runCommand(process.argv.slice(2), processTerminal);
  process.exitCode = status;
  if (early) endSoon();
}
