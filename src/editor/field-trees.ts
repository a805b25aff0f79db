import type {
  Declaration,
  DeriveTree,
  EntityTree,
  EnumMemberTree,
  FieldTree,
  FileTree,
  ShapeTree,
} from '../syntax/tree.ts';
import type { Span } from '../text/source.ts';
import type { Document } from './document.ts';

export interface DeclaredField {
  readonly field: FieldTree;
  readonly owner: ShapeTree | EntityTree | DeriveTree;
}

/** The field whose name stands at a place, in any file of the program. */
export function fieldDeclaredAt(document: Document, place: Span | undefined): DeclaredField | undefined {
  const owner = declarationAround(document, place);
  if (place === undefined || owner === undefined) return undefined;
  if (owner.kind !== 'shape' && owner.kind !== 'entity' && owner.kind !== 'derive') return undefined;
  const field = owner.members.find(
    (member) => member.kind === 'field' && member.name.span.start === place.start,
  );
  return field?.kind === 'field' ? { field, owner } : undefined;
}

/** The member of an enum whose name stands at a place, in any file of the program. */
export function memberDeclaredAt(document: Document, place: Span | undefined): EnumMemberTree | undefined {
  const owner = declarationAround(document, place);
  return owner?.kind === 'enum'
    ? owner.members.find(({ name }) => name.span.start === place?.start)
    : undefined;
}

function declarationAround({ parsed, imported }: Document, place: Span | undefined): Declaration | undefined {
  if (place === undefined) return undefined;
  const trees: readonly FileTree[] = [parsed.tree, ...[...imported.values()].map((each) => each.parsed.tree)];
  const tree = trees.find(({ span }) => span.file.name === place.file.name);
  return tree?.declarations.find(({ span }) => span.start <= place.start && place.end <= span.end);
}
