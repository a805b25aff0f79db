/** The status that a shell shows for a process which ended by SIGPIPE. */
const BROKEN_PIPE = 141;

/**
 * Ends this process where nobody reads what it prints any more, as `head` does once it has enough: a role stops in order, any other
 * command ends at once, with the status of other tools. What cannot be written for another reason is said in one line.
 */
export function endWithReader(): void {
  let ended = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (ended) return;
      ended = true;
      if (error.code === 'EPIPE') return stopOr(() => process.exit(BROKEN_PIPE));
      if (stream === process.stdout)
        process.stderr.write(`nomnom: cannot write to standard output: ${error.message}\n`);
      stopOr(() => process.exit(1));
    });
}

/**
 * Stops this process as SIGTERM does where its launcher is gone, killed for example. The channel to it is closed then, whoever becomes the
 * parent; until then it costs nothing and keeps no process from its end.
 */
export function endWithLauncher(): void {
  if (process.channel === undefined) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}

/** Who waits for a signal has something to put in order. */
function stopOr(exit: () => void): void {
  if (process.listenerCount('SIGTERM') > 0) process.kill(process.pid, 'SIGTERM');
  else exit();
}
