import { type Module, targetOf } from './imports.ts';
import { partOf } from './source-tree.ts';

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Groups of files that import each other, types included. */
export function fileCycles(modules: readonly Module[]): readonly string[] {
  return cyclesOf(graphOf(modules, (path) => path));
}

/** Groups of parts (`src/model`, `src/roles/worker`) that import each other, types included. */
export function partCycles(modules: readonly Module[]): readonly string[] {
  return cyclesOf(graphOf(modules, partOf));
}

function graphOf(modules: readonly Module[], nodeOf: (path: string) => string): Graph {
  const graph = new Map<string, Set<string>>();
  for (const module of modules) {
    const from = nodeOf(module.path);
    const known = graph.get(from) ?? new Set();
    graph.set(from, known);
    for (const each of module.imports) {
      const target = targetOf(module.path, each.specifier);
      const to = target === undefined ? undefined : nodeOf(target);
      if (to !== undefined && (to !== from || target === module.path)) known.add(to);
    }
  }
  return graph;
}

/** Every cycle is in one strongly connected group; Tarjan's algorithm finds these. */
function cyclesOf(graph: Graph): readonly string[] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[] = [];
  const visit = (node: string) => {
    order.set(node, order.size);
    low.set(node, order.get(node) ?? 0);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(node) !== order.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1 || graph.get(node)?.has(node) === true) {
      cycles.push(`import cycle: ${group.sort().join(', ')}`);
    }
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return cycles;
}
