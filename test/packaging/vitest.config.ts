import { configDefaults, defineConfig } from 'vitest/config';
import { dockerAnswers } from '../support/docker.ts';
import { findProgram } from '../support/process.ts';

// The image is tested where an engine answers or can be started, and nowhere else: it counts as nothing then.
const hasEngine = (await dockerAnswers()) || findProgram('dockerd', ['/usr/sbin']) !== undefined;
if (!hasEngine)
  process.stdout.write(
    'there is no container engine here: the image is NOT tested (apt-get install docker.io)\n',
  );

// `.ci/run` says so, aloud, where it could not build helm. Everybody else is told what is missing.
const withoutChart = process.env['NOMNOM_WITHOUT_CHART'] === '1';

/**
 * Tests of what people install: image, compose files, chart, npm package, executable, site. They build before they test, which
 * takes minutes, so they have a command of their own: `npm run test:packaging`.
 */
export default defineConfig({
  test: {
    name: 'packaging',
    include: ['test/packaging/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      ...(hasEngine ? [] : ['test/packaging/container.test.ts']),
      ...(withoutChart ? ['test/packaging/chart*.test.ts'] : []),
    ],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 900_000,
    hookTimeout: 900_000,
    teardownTimeout: 60_000,
  },
});
