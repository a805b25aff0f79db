import { join } from 'node:path';
import { build } from 'rolldown';

const root = join(import.meta.dirname, '..');

/** Only these are faster when they are part of the bundle: they have many small files, and every command loads them. */
export const INLINED: readonly string[] = ['zod', 'commander'];

/**
 * Writes the modules of nomnom to `folder` as a few files of JavaScript, `main.js` first: a process then starts in half of
 * the time that 450 modules take. What a command loads when it runs stays in files of its own. The packages that nomnom
 * depends on are not part of it, unless `isInlined` says so of one.
 */
export async function bundle(
  folder: string,
  isInlined: (name: string) => boolean = (name) => INLINED.includes(name),
): Promise<void> {
  await build({
    input: join(root, 'src/cli/main.ts'),
    platform: 'node',
    external: (id) => /^[^./]/.test(id) && !isInlined(packageOf(id)),
    output: { dir: folder, format: 'esm' },
    logLevel: 'warn',
  });
}

/** The name of the package of an import, with its scope. */
function packageOf(id: string): string {
  return id.split('/', id.startsWith('@') ? 2 : 1).join('/');
}
