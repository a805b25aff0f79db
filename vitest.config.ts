import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { memoryFolder } from './test/support/memory-folder.ts';

// Read by everything that makes temporary files: tests, the servers that they start, and nomnom itself.
const folder = memoryFolder();
if (folder !== undefined) process.env['TMPDIR'] ??= folder;

/** Tests of the pure part of the project: they start no server, so that one of them runs in a moment. */
const pure = [
  'grammar',
  'text',
  'diagnostics',
  'syntax',
  'types',
  'functions',
  'signatures',
  'model',
  'checks',
  'fuzz',
  'plan',
  'sql',
  'tools',
  'architecture',
  'pipelines',
  'docs',
  'editor',
  'editors',
]
  .map((folder) => `test/${folder}/**/*.test.ts`)
  .concat(
    'test/architecture.test.ts',
    'test/support/totals.test.ts',
    'test/support/failures.test.ts',
    'test/support/golden.test.ts',
  )
  .concat(
    'test/adapters/telemetry/**/*.test.ts',
    'test/adapters/postgres/connection/**/*.test.ts',
    'test/adapters/jwt/**/*.test.ts',
  )
  .concat(
    'test/runtime/secrets.test.ts',
    'test/runtime/examine-telemetry.test.ts',
    'test/cli/asked-help.test.ts',
    'test/cli/named-wrongly.test.ts',
    'test/cli/role-away.test.ts',
    'test/cli/foreign-answers.test.ts',
  )
  .concat(
    'test/files/**/*.test.ts',
    'test/http/auth/**/*.test.ts',
    'test/roles/access/**/*.test.ts',
    'test/roles/readiness/**/*.test.ts',
  );

export default defineConfig({
  test: {
    setupFiles: ['test/support/property-seed.ts'],
    pool: 'forks',
    // Test files share what they import: a fifth of the processor time was spent on reading it again for each.
    isolate: false,
    // Twice the processors of a small machine: tests of servers wait much of their time.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    teardownTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'pure', include: pure, testTimeout: 120_000 } },
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['test/**/*.test.ts'],
          // Packages are built before they are tested: `npm run test:packaging`.
          exclude: [...pure, 'test/packaging/**'],
          globalSetup: ['test/support/servers.ts', 'test/support/executable.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
