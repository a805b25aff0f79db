import type { Extent } from '../../ports/queue.ts';

/** Whether positions of both can be compared: the same streams, none made anew, none that lost its end. */
export function comparable(before: readonly Extent[], now: readonly Extent[]): boolean {
  const known = new Map(now.map((extent) => [extent.stream, extent]));
  return (
    before.length === now.length &&
    before.every(({ stream, identity, end }) => {
      const same = known.get(stream);
      return same !== undefined && same.identity === identity && same.end >= end;
    })
  );
}

/** Whether nothing that was stored when `before` was read waits or is out any more. */
export function passed(before: readonly Extent[], now: readonly Extent[]): boolean {
  const floors = new Map(now.map(({ stream, floor }) => [stream, floor]));
  return before.every(({ stream, end }) => (floors.get(stream) ?? Infinity) > end);
}
