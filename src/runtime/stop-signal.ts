import { isatty } from 'node:tty';

/** What arrives within so many milliseconds is one wish: `timeout` and groups of processes signal a process and its launcher, which passes it on. */
const ONE_WISH_MS = 300;

/**
 * Resolves with the first SIGTERM, SIGINT or SIGQUIT, or with SIGHUP where a terminal hangs up. The same one again, later,
 * ends the process at once, for those in a hurry. A terminal signals a process and its launcher, which passes SIGINT and
 * SIGQUIT on as SIGTERM and SIGHUP as it is: what comes twice so is one wish too.
 */
export function stopSignal(hasTerminal = isatty(0)): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const asked = new Map<NodeJS.Signals, number>();
    const onSignal = (signal: NodeJS.Signals): void => {
      const before = asked.get(signal);
      if (before === undefined) asked.set(signal, performance.now());
      else if (signal !== 'SIGHUP' && performance.now() - before > ONE_WISH_MS) process.exit(1);
      resolve(signal);
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.on(signal, onSignal);
    if (hasTerminal) process.on('SIGHUP', onSignal);
  });
}
