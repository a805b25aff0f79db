import { type Module, targetOf } from './imports.ts';
import { inFolder } from './source-tree.ts';

/**
 * The folders inside a part, bottom-up: each imports only itself and what stands before it. `.` are the files of the
 * part's own folder; where it is left out, these stand above and below as they like.
 */
const rooms: Readonly<Record<string, readonly string[]>> = {
  'src/syntax': ['codes', 'lower', 'recovery', 'print'],
  'src/model': ['codes', '.', 'collect', 'resolve', 'infer', 'build', 'query'],
  'src/roles/worker': ['fail', 'write', 'receive'],
  'src/plan': ['evaluate', 'decode', 'decode/fast'],
};

/** Imports inside a part that go up, and folders that have no place in its order. */
export function wrongRooms(modules: readonly Module[]): readonly string[] {
  return Object.entries(rooms).flatMap(([part, order]) =>
    modules
      .filter((module) => inFolder(module.path, part))
      .flatMap((module) => {
        const own = roomOf(module.path, part, order);
        const level = order.indexOf(own);
        if (level < 0) return own === '.' ? [] : [`${module.path}: ${part}/${own} has no place in the order`];
        return module.imports.flatMap(({ specifier }) => {
          const target = targetOf(module.path, specifier);
          if (target === undefined || !inFolder(target, part)) return [];
          const room = roomOf(target, part, order);
          return order.indexOf(room) > level
            ? [`${module.path}: ${part}/${own} must not import ${part}/${room} (${specifier})`]
            : [];
        });
      }),
  );
}

/** The innermost folder of the order that holds a file, or else the folder that has no place in it. */
function roomOf(path: string, part: string, order: readonly string[]): string {
  const folder = path.slice(part.length + 1, path.lastIndexOf('/'));
  if (!inFolder(path, part) || !path.slice(part.length + 1).includes('/')) return '.';
  return order.findLast((room) => folder === room || inFolder(folder, room)) ?? folder;
}

/** A file without faults pays nothing for recovery: one call leads into that folder, and the parser makes it. */
export function recoveryDoors(modules: readonly Module[]): readonly string[] {
  const folder = 'src/syntax/recovery';
  return modules
    .filter((module) => inFolder(module.path, 'src') && !inFolder(module.path, folder))
    .flatMap((module) =>
      module.imports.flatMap(({ specifier }) => {
        const target = targetOf(module.path, specifier);
        if (target === undefined || !inFolder(target, folder)) return [];
        const door = module.path === 'src/syntax/parse.ts' && target === `${folder}/file.ts`;
        return door ? [] : [`${module.path}: only the parser enters ${folder} (${specifier})`];
      }),
    );
}

/** A dialect is named by its adapters and by one line of the registry: whoever shows SQL asks there. */
export function namedDialects(modules: readonly Module[]): readonly string[] {
  const dialect = /^src\/sql\/[^/]+\//;
  return modules
    .filter(
      ({ path }) => inFolder(path, 'src') && !inFolder(path, 'src/sql') && !inFolder(path, 'src/adapters'),
    )
    .flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier }) => {
        const target = targetOf(path, specifier);
        return target !== undefined && dialect.test(target)
          ? [`${path}: only src/sql/registry.ts names a dialect (${specifier})`]
          : [];
      }),
    );
}
