import { isOpen } from './subjects.ts';

/** Templates of subjects, each with a number that is larger than those before it. */
export interface SubjectIndex {
  readonly add: (template: string, place: number) => void;
  /** The smallest number of a template that shares a subject with this one, as `commonSubject` says it. */
  readonly firstSharing: (template: string) => number | undefined;
}

/** The tokens so far, and what can follow them. */
interface Node {
  /** The number of the first template below. */
  readonly first: number;
  /** That of the first that ends here, and of the first that has `>` here. */
  end?: number;
  rest?: number;
  open?: Node;
  readonly named: Map<string, Node>;
}

/** A tree of tokens, so that thousands of subjects need not be compared with each other. */
export function subjectIndex(): SubjectIndex {
  const root: Node = { first: 0, named: new Map() };
  return {
    add: (template, place) => {
      let node = root;
      for (const token of template.split('.')) {
        if (token === '>') {
          node.rest ??= place;
          return;
        }
        node = childOf(node, token, place);
      }
      node.end ??= place;
    },
    firstSharing: (template) => {
      const found = firstBelow(root, template.split('.'));
      return found === Infinity ? undefined : found;
    },
  };
}

function childOf(node: Node, token: string, place: number): Node {
  const known = isOpen(token) ? node.open : node.named.get(token);
  const child: Node = known ?? { first: place, named: new Map() };
  if (isOpen(token)) node.open = child;
  else if (known === undefined) node.named.set(token, child);
  return child;
}

function firstBelow(root: Node, tokens: readonly string[]): number {
  let best = Infinity;
  const left: { readonly node: Node; readonly at: number }[] = [{ node: root, at: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { node, at } = next;
    const token = tokens[at];
    if (token === undefined) {
      best = Math.min(best, node.end ?? Infinity);
      continue;
    }
    best = Math.min(best, node.rest ?? Infinity);
    const open = node.open === undefined ? [] : [node.open];
    const named = isOpen(token) ? [...node.named.values()] : [node.named.get(token) ?? []].flat();
    for (const child of [...open, ...named])
      if (child.first >= best) continue;
      else if (token === '>') best = child.first;
      else left.push({ node: child, at: at + 1 });
  }
  return best;
}
