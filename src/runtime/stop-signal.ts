import { isatty } from 'node:tty';

/**
 * Resolves with the first SIGTERM, SIGINT or SIGQUIT, or with SIGHUP where a terminal hangs up. A second one ends the process at once,
 * for those in a hurry; that of a terminal comes to a process and to its launcher, and so twice.
 */
export function stopSignal(hasTerminal = isatty(0)): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (asked && signal !== 'SIGHUP') process.exit(1);
      asked = true;
      resolve(signal);
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.on(signal, onSignal);
    if (hasTerminal) process.on('SIGHUP', onSignal);
  });
}
