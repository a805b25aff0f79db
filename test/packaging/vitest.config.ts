import { configDefaults, defineConfig } from 'vitest/config';
import { dockerAnswers } from '../support/docker.ts';
import { findProgram } from '../support/process.ts';

// Images are tested where an engine answers or can be started, and nowhere else: these tests count as nothing then.
const hasEngine = (await dockerAnswers()) || findProgram('dockerd', ['/usr/sbin']) !== undefined;
if (!hasEngine)
  process.stdout.write(
    'there is no container engine here: the image and the compose files are NOT tested (apt-get install docker.io)\n',
  );

// `.ci/run` says so, aloud, where it could not build helm. Everybody else is told what is missing.
const withoutChart = process.env['NOMNOM_WITHOUT_CHART'] === '1';

/**
 * Tests of what people install: image, compose files, chart, npm package, executable, site. They build before they test, which
 * takes minutes, so they have a command of their own: `npm run test:packaging`.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    hookTimeout: 900_000,
    teardownTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'packaging',
          include: ['test/packaging/**/*.test.ts'],
          exclude: [
            ...configDefaults.exclude,
            'test/packaging/containers/**',
            ...(withoutChart ? ['test/packaging/chart*.test.ts'] : []),
          ],
          testTimeout: 900_000,
        },
      },
      ...(hasEngine
        ? [
            {
              extends: true as const,
              test: {
                name: 'containers',
                include: ['test/packaging/containers/**/*.test.ts'],
                globalSetup: ['test/packaging/containers/setup.ts'],
                // One after the other on one engine. A build from nothing takes as long as it takes.
                fileParallelism: false,
                testTimeout: 0,
                hookTimeout: 0,
              },
            },
          ]
        : []),
    ],
  },
});
