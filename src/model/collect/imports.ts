import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import { parseFile } from '../../syntax/parse.ts';
import type { FileTree, ImportTree } from '../../syntax/tree.ts';
import { BAD_IMPORT } from '../codes/codes.ts';
import type { NamedFile } from '../program.ts';
import { namesFolder, notReadHelp, notReadMessage, pathFrom, type ReadFile } from './read-file.ts';

/**
 * The file with every file that it imports, directly or through others, each once, by whichever paths, and before the files that import it.
 * Reports what cannot be read and circles.
 */
export function withImports(
  root: FileTree,
  readFile: ReadFile | undefined,
  report: Report,
): readonly FileTree[] {
  const files: FileTree[] = [];
  const known = new Map<string, 'open' | 'done'>();
  const placeOf = (name: string): string => readFile?.placeOf?.(name) ?? name;
  const visit = (file: FileTree, path: readonly string[]): void => {
    const { name } = file.span.file;
    const place = placeOf(name);
    known.set(place, 'open');
    for (const declaration of file.declarations)
      if (declaration.kind === 'import' && !declaration.broken) load(declaration, file, [...path, name]);
    known.set(place, 'done');
    files.push(file);
  };
  const load = (tree: ImportTree, from: FileTree, path: readonly string[]): void => {
    const target = pathFrom(from.span.file.name, tree.path.value);
    const state =
      target === undefined || namesFolder(tree.path.value) ? undefined : known.get(placeOf(target));
    if (target !== undefined && state === 'open') {
      const place = placeOf(target);
      const circle = [...path.slice(path.findIndex((each) => placeOf(each) === place)), target].join(' → ');
      report(finding(BAD_IMPORT, tree.path.span, `these files import each other in a circle: ${circle}`));
      return;
    }
    if (state === 'done') return;
    if (target === undefined) {
      const help = 'as in `import "parts/common.nom"`';
      report(
        finding(BAD_IMPORT, tree.path.span, 'the path of an imported file must be relative to this file', {
          help,
        }),
      );
      return;
    }
    if (namesFolder(tree.path.value)) {
      report(
        finding(
          BAD_IMPORT,
          tree.path.span,
          `\`"${tree.path.value}"\` is a folder, and an import reads one file`,
          {
            label: 'a folder',
            help: 'name the file, as in `import "parts/common.nom"`',
          },
        ),
      );
      return;
    }
    const read = readFile?.(target, 'program');
    if (typeof read === 'string') return visit(parseFile({ name: target, text: read }, report), path);
    report(
      finding(BAD_IMPORT, tree.path.span, notReadMessage(target, read), {
        label: 'no such program',
        help: notReadHelp(tree.path.value, read),
      }),
    );
  };
  visit(root, []);
  return files;
}

/** The files that imports and lookups name, in the order of the program's files. */
export function namedFiles(files: readonly FileTree[]): readonly NamedFile[] {
  return files.flatMap(({ declarations, span: { file } }) =>
    declarations.flatMap((declaration) => {
      if (declaration.kind !== 'import' && declaration.kind !== 'lookup') return [];
      const { value, span } = declaration.path;
      const name = pathFrom(file.name, value);
      return name === undefined || declaration.broken ? [] : [{ name, span }];
    }),
  );
}
