import type { Name } from '../syntax/name.ts';
import type { Declaration, FileTree, MemberTree } from '../syntax/tree.ts';
import { spanText, type Span } from '../text/source.ts';
import type { SymbolKind } from './symbol.ts';

/** A node of the outline that editors show beside a file. */
export interface OutlineNode {
  readonly name: string;
  readonly kind: SymbolKind | 'import' | 'test';
  readonly detail: string;
  /** The whole declaration. */
  readonly span: Span;
  /** The name in it. */
  readonly selection: Span;
  readonly children: readonly OutlineNode[];
}

export function outlineOf(tree: FileTree): readonly OutlineNode[] {
  return tree.declarations.map(declarationNode);
}

function declarationNode(tree: Declaration): OutlineNode {
  switch (tree.kind) {
    case 'import':
      return { ...leaf('import', tree.path.span, tree.span), name: tree.path.value };
    case 'test':
      return { ...leaf('test', tree.title.span, tree.span), name: tree.title.value || 'test' };
    case 'shape':
    case 'entity':
      return named(tree.kind, tree.name, tree.span, { children: tree.members.flatMap(memberNodes) });
    case 'derive': {
      const detail = tree.sources.map(({ path }) => spanText(path.span)).join(', ');
      const children = tree.members.flatMap(memberNodes);
      return named('derived entity', tree.name, tree.span, { detail: `from ${detail}`, children });
    }
    case 'enum':
      return named('enum', tree.name, tree.span, {
        children: tree.members.map((member) =>
          named('enum member', member.name, member.span, { detail: member.value?.value ?? '' }),
        ),
      });
    case 'lookup':
      return named('lookup', tree.name, tree.span, { children: tree.fields.flatMap(memberNodes) });
    case 'stream':
      return named('stream', tree.name, tree.span, {
        children: tree.subjects.map(({ name, pattern, span }) =>
          named('subject', name, span, { detail: pattern.value }),
        ),
      });
    case 'fn':
      return named('function', tree.name, tree.span);
    case 'pipeline':
    case 'secret':
    case 'role':
      return named(tree.kind, tree.name, tree.span);
  }
}

function memberNodes(member: MemberTree): readonly OutlineNode[] {
  if (member.kind === 'field') {
    const detail = member.type === undefined ? '' : spanText(member.type.span);
    return [named('field', member.name, member.span, { detail })];
  }
  return member.kind === 'store' ? [named('table', member.table, member.span)] : [];
}

function named(
  kind: OutlineNode['kind'],
  name: Name,
  span: Span,
  more: Partial<Pick<OutlineNode, 'detail' | 'children'>> = {},
): OutlineNode {
  return { ...leaf(kind, name.span, span), name: name.text, ...more };
}

function leaf(kind: OutlineNode['kind'], selection: Span, span: Span): Omit<OutlineNode, 'name'> {
  return { kind, detail: '', span, selection, children: [] };
}
