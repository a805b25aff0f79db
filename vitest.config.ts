import { defineConfig } from 'vitest/config';

/** Tests of the pure part of the project: they start no server, so that one of them runs in a moment. */
const pure = [
  'grammar',
  'text',
  'diagnostics',
  'syntax',
  'types',
  'functions',
  'model',
  'checks',
  'plan',
  'tools',
  'architecture',
  'pipelines',
  'docs',
  'editor',
  'editors',
]
  .map((folder) => `test/${folder}/**/*.test.ts`)
  .concat('test/architecture.test.ts', 'test/support/totals.test.ts');

export default defineConfig({
  test: {
    setupFiles: ['test/support/property-seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    teardownTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'pure', include: pure, testTimeout: 20_000 } },
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['test/**/*.test.ts'],
          exclude: pure,
          globalSetup: ['test/support/servers.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
