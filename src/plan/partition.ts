import { partitionSubject, type Plan, subjectOf } from './plan.ts';

/** The partition, from 0, of the messages with this order key: FNV-1a over its UTF-16 units, stirred once more. */
export function partitionOf(orderKey: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < orderKey.length; at += 1) {
    hash = Math.imul(hash ^ orderKey.charCodeAt(at), 0x01000193);
  }
  // The low bits of FNV alone are uneven over keys that count up.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % partitions;
}

/** Where a message is published: the subject of its entity, or of the partition that its order key falls into. */
export function subjectFor(
  plan: Plan,
  target: { readonly stream: string; readonly template: string },
  entity: string,
  orderKey: string | undefined,
): string {
  if (orderKey === undefined) return subjectOf(target.template, entity);
  const partitions = plan.streams.find(({ name }) => name === target.stream)?.partitions ?? 1;
  return partitionSubject(target.template, entity, partitionOf(orderKey, partitions));
}
