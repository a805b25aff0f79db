import type { RecordModel } from '../program.ts';

/** Whether each message of its root has a row of it, or would have one. */
export function isInEveryMessage({ tree, sources, where }: RecordModel): boolean {
  if (tree.kind === 'entity') return true;
  return (
    where === undefined &&
    sources.every(
      ({ mode, repeated, from }) =>
        mode === 'one' && !repeated && from.kind === 'record' && from.record.rows === 'one',
    )
  );
}
