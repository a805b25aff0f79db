import { cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openEmbedded } from '../../src/adapters/embedded/embedded.ts';
import { until } from './until.ts';

/**
 * A folder of the embedded Postgres with an empty database in it, removed after this test file. Call it at the top of the
 * file or of a `describe`.
 */
export async function embeddedFolder(): Promise<string> {
  const path = await newEmbeddedFolder();
  afterAll(() => rm(path, { recursive: true, force: true }));
  return path;
}

/**
 * The same for who removes it. To make a database costs several seconds of a processor, so that all test files copy the one
 * that the first of them makes.
 */
export async function newEmbeddedFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'nomnom-embedded-'));
  await cp(await template(), path, { recursive: true });
  return path;
}

/** In the folder of this run of the tests, which all its processes know and which is removed at its end. */
async function template(): Promise<string> {
  const run = process.env['NOMNOM_FOLDER'];
  if (run === undefined) throw new Error('only tests of servers have a folder for all of them');
  const made = join(run, 'embedded');
  const making = join(run, 'embedded-unfinished');
  // Only one process can make the folder; where it fails, the next one tries.
  await until('an empty database', async () => {
    if (await isThere(made)) return true;
    const isMine = await mkdir(making).then(
      () => true,
      () => false,
    );
    // Another process may have come to its end between the two looks.
    if (!isMine || (await isThere(made))) return false;
    try {
      await (await openEmbedded({ directory: making })).close();
      await rename(making, made);
    } finally {
      await rm(making, { recursive: true, force: true });
    }
    return true;
  });
  return made;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
