import { isatty } from 'node:tty';

/**
 * Resolves with the first SIGTERM, SIGINT or SIGQUIT, or with SIGHUP where a terminal hangs up. The same one again ends the
 * process at once, for those in a hurry. A terminal signals a process and its launcher, which passes SIGINT and SIGQUIT on as SIGTERM and SIGHUP
 * as it is: what comes twice so is one wish.
 */
export function stopSignal(hasTerminal = isatty(0)): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const asked = new Set<NodeJS.Signals>();
    const onSignal = (signal: NodeJS.Signals): void => {
      if (asked.has(signal) && signal !== 'SIGHUP') process.exit(1);
      asked.add(signal);
      resolve(signal);
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.on(signal, onSignal);
    if (hasTerminal) process.on('SIGHUP', onSignal);
  });
}
