import type { DeriveTree, EntityTree, FieldTree, FileTree, ShapeTree } from '../syntax/tree.ts';
import type { Span } from '../text/source.ts';
import type { Document } from './document.ts';

export interface DeclaredField {
  readonly field: FieldTree;
  readonly owner: ShapeTree | EntityTree | DeriveTree;
}

/** The field whose name stands at a place, in any file of the program. */
export function fieldDeclaredAt(
  { parsed, imported }: Document,
  place: Span | undefined,
): DeclaredField | undefined {
  if (place === undefined) return undefined;
  const trees: readonly FileTree[] = [parsed.tree, ...[...imported.values()].map((each) => each.parsed.tree)];
  const tree = trees.find(({ span }) => span.file.name === place.file.name);
  const owner = tree?.declarations.find(({ span }) => span.start <= place.start && place.end <= span.end);
  if (owner?.kind !== 'shape' && owner?.kind !== 'entity' && owner?.kind !== 'derive') return undefined;
  const field = owner.members.find(
    (member) => member.kind === 'field' && member.name.span.start === place.start,
  );
  return field?.kind === 'field' ? { field, owner } : undefined;
}
