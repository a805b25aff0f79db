import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first: one of them at the end would keep only one processor busy. */
const LONG = [
  'roles/presence/side-by-side',
  'faults/jetstream',
  'faults/postgres',
  'roles/ingest/memory',
  'roles/worker/worker',
  'roles/ingest/loss',
  'roles/worker/unexpected-errors',
  'cli/servers-away',
  'cli/servers-later',
  'adapters/store-conformance',
  'roles/presence/leaving',
  'adapters/postgres-queue',
  'roles/worker/ordered',
  'cli/file-fault',
  'cli/left-alone',
  'cli/server-settings',
  'cli/dev',
  'cli/pipeline',
  'adapters/jetstream-queue',
  'adapters/postgres-queue-segments',
  'cli/pooled',
  'roles/dead-letters/replay',
  'cli/worker-health',
  'runtime/table-rights',
  'adapters/embedded-queue',
  'adapters/postgres/ledger/plans',
];

/** Tests of servers wait much, so they start first, and the pure ones, which are short, fill up the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((left, right) => rank(left) - rank(right));
  }
}

function rank({ project, moduleId }: TestSpecification): number {
  if (project.name === 'pure') return LONG.length + (moduleId.includes('/test/fuzz/') ? 1 : 2);
  const at = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return at < 0 ? LONG.length : at;
}
