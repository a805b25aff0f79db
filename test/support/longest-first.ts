import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first: one of them at the end would keep only one processor busy. */
const LONG = [
  'faults/postgres',
  'faults/jetstream',
  'roles/presence/side-by-side',
  'roles/ingest/memory',
  'roles/worker/worker',
  'roles/worker/unexpected-errors',
  'roles/ingest/loss',
  'adapters/store-conformance',
  'cli/servers-later',
  'cli/server-settings',
  'cli/pooled',
  'cli/pipeline',
  'cli/dlq',
  'adapters/postgres-queue',
  'adapters/postgres/ledger/plans',
  'adapters/postgres-queue-segments',
  'roles/worker/ordered',
  'roles/presence/leaving',
  'roles/dead-letters/replay',
  'cli/dev',
  'cli/webshop',
  'adapters/jetstream-queue',
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
