import type { FieldTree } from '../../syntax/tree.ts';
import type { RecordTree } from '../program.ts';
import { dependenciesFirst } from '../dependencies-first.ts';

/** The fields of shapes, those that they spread included, each worked out once. */
export interface ShapeFields {
  readonly of: (shape: string) => readonly FieldTree[];
  /** Whether a shape spreads itself, directly or through others. */
  readonly contains: (shape: string) => boolean;
}

/** `cut` has the shapes whose spreads are left out. */
export function shapeFields(records: ReadonlyMap<string, RecordTree>, cut: ReadonlySet<string>): ShapeFields {
  const made = new Map<string, readonly FieldTree[]>();
  const spreadsOf = (name: string): readonly string[] | undefined => {
    const tree = records.get(name);
    if (tree?.kind !== 'shape') return undefined;
    if (cut.has(name)) return [];
    return tree.members.flatMap((member) => (member.kind === 'spread' ? [member.name.text] : []));
  };
  const fieldsOf = (name: string): readonly FieldTree[] => {
    const fields = new Map<string, FieldTree>();
    for (const member of records.get(name)?.members ?? []) {
      // A field of its own takes the place of one that is spread.
      if (member.kind === 'field') fields.set(member.name.text, member);
      if (member.kind !== 'spread' || cut.has(name)) continue;
      for (const field of made.get(member.name.text) ?? [])
        if (!fields.has(field.name.text)) fields.set(field.name.text, field);
    }
    return [...fields.values()];
  };
  return {
    of: (shape) => {
      for (const name of dependenciesFirst(shape, (each) => (made.has(each) ? undefined : spreadsOf(each))))
        if (!made.has(name)) made.set(name, fieldsOf(name));
      return made.get(shape) ?? [];
    },
    contains: (shape) => dependenciesFirst(shape, spreadsOf).some((name) => spreadsOf(name)?.includes(shape)),
  };
}
