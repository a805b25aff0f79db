import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { buildImage, checkout } from './build-image.ts';
import { type Docker, type Engine, provideDocker } from './docker.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    engine: Engine;
    /** The tag of the image of this checkout. */
    image: string;
  }
}

/** Finds or starts an engine, gives it the stand-ins that it lacks, and builds the image: once for all of these tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const image = `nomnom-test-${process.pid}`;
  let docker: Docker;
  try {
    docker = await provideDocker();
  } catch (error) {
    process.stdout.write(
      `the image and the compose files are NOT tested: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    throw error;
  }
  const stop = async () => {
    await docker.run('image', 'rm', '--force', image);
    await docker.stop();
  };
  try {
    await promisify(execFile)(join(checkout, 'deploy/images/stand-ins.sh'), [], { env: docker.env });
    await buildImage(docker, image);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('engine', {
    host: docker.env['DOCKER_HOST'] ?? '',
    program: docker.env['DOCKER'] ?? 'docker',
  });
  project.provide('image', image);
  return stop;
}
