import { execFileSync, spawnSync } from 'node:child_process';

/** Gives the command a disk of its own: a file system in memory over `folder`, of `size`, which nobody else sees. */
const MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" && cd "$2" && shift 2 && exec "$@"';
const ALONE = ['--mount', '--user', '--map-root-user', 'sh', '-c', MOUNT, 'sh'];

/** Whether this machine lets its users mount: some containers do not, and other systems have no `unshare`. */
export function canMount(): boolean {
  try {
    execFileSync('unshare', [...ALONE, '1m', '/tmp', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a command, or a line of a shell, in a folder whose disk has `size`, such as `8k`, and is empty. */
export function onSmallDisk(
  folder: string,
  size: string,
  command: readonly string[],
): { readonly status: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync('unshare', [...ALONE, size, folder, ...command], {
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, out: stdout, err: stderr };
}
