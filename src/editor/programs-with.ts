import type { FileTree } from '../syntax/tree.ts';
import { targetOf } from './imported.ts';

/** As many programs as one question about names reads and checks: of small ones, two seconds. */
export const MOST_PROGRAMS = 500;

/** The files of a workspace that a file is part of, by way of imports. */
export interface ProgramsWith {
  /** The paths of programs that together have every file that imports one of the files, also through others. */
  readonly paths: readonly string[];
  /** There are more of them than are looked at. */
  readonly more: boolean;
}

/**
 * The programs that have one of the `files`, without those whose files all belong to a program that is there already:
 * `known` are the files of one that somebody has. A program that others import is not named beside them.
 */
export function programsWith(
  files: ReadonlySet<string>,
  trees: readonly FileTree[],
  known: ReadonlySet<string>,
): ProgramsWith {
  const imports = new Map(trees.map((tree) => [tree.span.file.name, importsOf(tree)]));
  const importers = reversed(imports);
  const covered = new Set(known);
  const paths: string[] = [];
  const candidates = [...reached(files, importers)]
    .filter((path) => imports.has(path) && !known.has(path))
    .map((path) => ({ path, closure: reached(new Set([path]), imports) }))
    .toSorted((left, right) => right.closure.size - left.closure.size);
  for (const { path, closure } of candidates) {
    if (covered.has(path)) continue;
    if (paths.length === MOST_PROGRAMS) return { paths, more: true };
    paths.push(path);
    for (const each of closure) covered.add(each);
  }
  return { paths, more: false };
}

/** Every other file of the programs that have a file. */
export function filesBeside(file: string, trees: readonly FileTree[]): readonly FileTree[] {
  const imports = new Map(trees.map((tree) => [tree.span.file.name, importsOf(tree)]));
  const importers = reached(new Set([file]), reversed(imports));
  // Alone it is what it says.
  if (importers.size === 1) return [];
  const beside = reached(importers, imports);
  return trees.filter(({ span }) => span.file.name !== file && beside.has(span.file.name));
}

function importsOf({ declarations }: FileTree): readonly string[] {
  return declarations.flatMap((each) => {
    const target = each.kind === 'import' ? targetOf(each) : undefined;
    return target === undefined ? [] : [target];
  });
}

type Graph = ReadonlyMap<string, readonly string[]>;

function reversed(graph: Graph): Graph {
  const result = new Map<string, string[]>();
  for (const [from, targets] of graph)
    for (const target of targets) {
      const known = result.get(target);
      if (known === undefined) result.set(target, [from]);
      else known.push(from);
    }
  return result;
}

/** What can be reached from a set, the set among it. */
function reached(from: ReadonlySet<string>, graph: Graph): ReadonlySet<string> {
  const found = new Set(from);
  // A set that is walked gives also what is added meanwhile.
  for (const each of found) for (const next of graph.get(each) ?? []) found.add(next);
  return found;
}
