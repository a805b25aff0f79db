import { spawnSync } from 'node:child_process';

/** Seconds of a whole `nomnom check` process. */
export function checking(root: string, file: string): number {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [`${root}/bin/nomnom`, 'check', file]);
  if (status !== 0) throw new Error(`check ended with ${status}`);
  return (performance.now() - started) / 1000;
}
