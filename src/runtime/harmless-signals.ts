import { isatty } from 'node:tty';
import type { Log } from '../ports/log.ts';

/**
 * Signals that tools send for other reasons than to end a role: each is one line of the log and nothing more. Files are read again
 * without being asked. Without a listener SIGHUP and SIGUSR2 end a process at once, and by SIGUSR1 Node lets whoever reaches the machine
 * debug it.
 */
export function ignoreSignals(log: Log, hasTerminal = isatty(0)): void {
  const onSignal = (signal: NodeJS.Signals): void => log.info({ signal }, 'the signal changes nothing');
  process.on('SIGUSR1', onSignal);
  process.on('SIGUSR2', onSignal);
  // That of a terminal which hangs up stops the role.
  if (!hasTerminal) process.on('SIGHUP', onSignal);
}
