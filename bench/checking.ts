import { spawnSync } from 'node:child_process';

/** Seconds of a whole `nomnom check` process. */
export function checking(program: string, file: string): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [program, 'check', file]);
  if (status !== 0) throw new Error(`check ended with ${status}`);
  return (performance.now() - started) / 1000;
}
