import type { ExpressionTree } from '../../syntax/expression-tree.ts';

/** What an expression names by itself: fields, sources, enums. */
export function namesIn(tree: ExpressionTree): readonly string[] {
  return found(tree, 'name', (node) => node.name.text);
}

/** The functions that an expression calls. */
export function calledIn(tree: ExpressionTree): readonly string[] {
  return found(tree, 'call', (node) => node.callee.text);
}

type Kind = ExpressionTree['kind'];
type Node<K extends Kind> = Extract<ExpressionTree, { readonly kind: K }>;

function found<K extends Kind>(
  tree: ExpressionTree,
  kind: K,
  textOf: (node: Node<K>) => string,
): readonly string[] {
  const texts = new Set<string>();
  const open: unknown[] = [tree];
  while (open.length > 0) {
    const node = open.pop();
    if (Array.isArray(node)) open.push(...(node as readonly unknown[]));
    else if (typeof node === 'object' && node !== null) {
      if ('kind' in node && node.kind === kind) texts.add(textOf(node as Node<K>));
      for (const [key, part] of Object.entries(node)) if (key !== 'span') open.push(part);
    }
  }
  return [...texts];
}
