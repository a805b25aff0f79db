import type { FileTree } from '../syntax/tree.ts';
import { outlineOf, type OutlineNode } from './outline.ts';

/** Something with a name in one of the programs of a workspace. */
export interface WorkspaceSymbol {
  readonly node: OutlineNode;
  /** The declaration that it is a part of. */
  readonly within?: string;
}

/** As many as an editor shows. */
const MOST = 500;

/** What has the letters of the query in its name, in their order; declarations first, then what stands in them. */
export function workspaceSymbols(trees: readonly FileTree[], query: string): readonly WorkspaceSymbol[] {
  const found: WorkspaceSymbol[] = [];
  const inside: WorkspaceSymbol[] = [];
  const letters = [...query.toLowerCase()];
  for (const tree of trees)
    for (const node of outlineOf(tree)) {
      if (node.kind !== 'import' && has(node.name, letters)) found.push({ node });
      for (const child of node.children)
        if (has(child.name, letters)) inside.push({ node: child, within: node.name });
    }
  return [...found, ...inside].slice(0, MOST);
}

function has(name: string, letters: readonly string[]): boolean {
  let at = 0;
  for (const letter of name.toLowerCase()) if (letter === letters[at]) at += 1;
  return name !== '' && at >= letters.length;
}
