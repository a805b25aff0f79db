import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first: one of them at the end would keep only one processor busy. */
const LONG = [
  'faults/jetstream',
  'faults/postgres',
  'cli/dlq',
  'roles/worker/unexpected-errors',
  'cli/pooled',
  'cli/pipeline',
  'cli/server-settings',
  'roles/presence/side-by-side',
  'roles/worker/worker',
  'roles/worker/ordered',
  'cli/webshop',
  'roles/ingest/loss',
  'adapters/jetstream-queue',
  'roles/dead-letters/replay',
  'roles/presence/leaving',
  'roles/ingest/memory',
];

/** Tests of servers wait much, so they start first, and the pure ones, which are short, fill up the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((left, right) => rank(left) - rank(right));
  }
}

function rank({ project, moduleId }: TestSpecification): number {
  if (project.name === 'pure') return LONG.length + 1;
  const at = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return at < 0 ? LONG.length : at;
}
