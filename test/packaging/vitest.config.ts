import { defineConfig } from 'vitest/config';

/**
 * Tests of what people install: image, compose files, chart, npm package, executable, site. They build before they test, which
 * takes minutes, so they have a command of their own: `npm run test:packaging`.
 */
export default defineConfig({
  test: {
    name: 'packaging',
    include: ['test/packaging/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 900_000,
    hookTimeout: 900_000,
    teardownTimeout: 60_000,
  },
});
