import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Docker } from './docker.ts';

/** A setup of vitest cannot load `test/support/nomnom.ts`, which loads the language. */
export const checkout = join(import.meta.dirname, '../../..');

/** Builds the image of this checkout; npm finds its registry as on this machine. */
export async function buildImage(docker: Docker, tag: string, ...args: readonly string[]): Promise<void> {
  const secrets = [
    ['npmrc', process.env['NPM_CONFIG_USERCONFIG'] ?? join(homedir(), '.npmrc')],
    ['ca', process.env['NODE_EXTRA_CA_CERTS'] ?? '/etc/ssl/certs/ca-certificates.crt'],
  ] as const;
  const found = secrets.flatMap(([id, src]) => (existsSync(src) ? ['--secret', `id=${id},src=${src}`] : []));
  await docker.run('build', '--network', 'host', ...found, '--tag', tag, ...args, checkout);
}
