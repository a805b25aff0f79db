import type { Program, RecordModel } from '../program.ts';

const known = new WeakMap<readonly RecordModel[], ReadonlyMap<RecordModel, readonly RecordModel[]>>();

/** What is derived from an entity, directly or through others; sources before what is derived from them. */
export function derivedFrom(
  { derivations }: Pick<Program, 'derivations'>,
  entity: RecordModel,
): readonly RecordModel[] {
  // Read once for all entities of a program: there can be thousands of both.
  const found = known.get(derivations) ?? byRoot(derivations);
  known.set(derivations, found);
  return found.get(entity) ?? [];
}

function byRoot(derivations: readonly RecordModel[]): ReadonlyMap<RecordModel, readonly RecordModel[]> {
  const made = new Map<RecordModel, RecordModel[]>();
  for (const record of derivations)
    for (const root of record.roots) {
      const others = made.get(root);
      if (others === undefined) made.set(root, [record]);
      else others.push(record);
    }
  return made;
}
