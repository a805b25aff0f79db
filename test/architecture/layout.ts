import { SyntaxKind } from 'typescript/unstable/ast';
import { type Module, targetOf } from './imports.ts';
import { inFolder, isCode, type SourceTree, type TreeFile } from './source-tree.ts';

const LINES_CAP = 400;
const MEDIAN_CAP = 80;

function linesOf(file: TreeFile): number {
  return file.text.trimEnd().split('\n').length;
}

export function longFiles(tree: SourceTree): readonly string[] {
  return tree
    .filter(isCode)
    .filter((file) => linesOf(file) > LINES_CAP)
    .map((file) => `${file.path}: ${linesOf(file)} lines, ${LINES_CAP} is the limit`);
}

/** Half of the project's own files stay under the aim. */
export function longMedian(tree: SourceTree): readonly string[] {
  const lengths = tree
    .filter((file) => isCode(file) && (inFolder(file.path, 'src') || inFolder(file.path, 'grammar')))
    .map(linesOf)
    .sort((left, right) => left - right);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  return median < MEDIAN_CAP
    ? []
    : [`src: the median file has ${median} lines, under ${MEDIAN_CAP} is wanted`];
}

/** The generator of the site looks for its theme under this name. */
const THEME = 'site/.vitepress/theme/index.ts';

/** A name that says nothing gathers everything. */
export function namelessHelpers(tree: SourceTree): readonly string[] {
  const nameless = /(^|\/)(utils?|helpers?|common|misc|shared|index)(\/|\.ts$)/;
  return tree
    .filter((file) => isCode(file) && nameless.test(file.path) && file.path !== THEME)
    .map((file) => `${file.path}: name it after what it holds`);
}

/** A barrel only passes on what other files export. */
export function barrels(modules: readonly Module[]): readonly string[] {
  return modules.filter(isBarrel).map((module) => `${module.path}: only re-exports`);
}

function isBarrel(module: Module): boolean {
  const exports = module.tokens.filter((token) => token.kind === SyntaxKind.ExportKeyword).length;
  const reexports = module.imports.filter((each) => each.reexport).length;
  return exports > 0 && exports === reexports;
}

/** Folders of `test/` that serve all tests and mirror nothing. */
const testOnly = [
  'architecture',
  'conformance',
  'examples',
  'faults',
  'fuzz',
  'golden',
  'packaging',
  'support',
];

/** Folders beside `src/` that have tests of their own. */
const besideSource = ['grammar', 'pipelines', 'bench', 'deploy', 'docs', 'editors'];

export function strayTests(tree: SourceTree): readonly string[] {
  const folders = new Set(tree.map((file) => file.path.slice(0, file.path.lastIndexOf('/'))));
  const exists = (folder: string) => [...folders].some((each) => each === folder || inFolder(each, folder));
  return tree
    .filter((file) => inFolder(file.path, 'test') && file.path.endsWith('.test.ts'))
    .flatMap((file) => {
      const [, first, ...rest] = file.path.split('/');
      if (first === undefined || rest.length === 0 || testOnly.includes(first)) return [];
      const folder = [first, ...rest.slice(0, -1)].join('/');
      const mirrored = besideSource.includes(first) ? folder : `src/${folder}`;
      return exists(mirrored) ? [] : [`${file.path}: there is no ${mirrored} that it could test`];
    });
}

/** A folder where each file adds one thing, and the type that such a file exports a value of. */
const registryFolders = [
  { folder: 'src/types', entry: 'ColumnType' },
  { folder: 'src/functions', entry: 'FunctionDefinition' },
  { folder: 'src/signatures', entry: 'SignatureScheme' },
  { folder: 'src/checks', entry: 'Check' },
  { folder: 'src/cli/commands', entry: 'Command' },
  { folder: 'src/editor/capabilities', entry: 'Capability' },
];

/** One registry line for each file of a registry folder: a file that it forgets would be dead. */
export function unregistered(modules: readonly Module[]): readonly string[] {
  return registryFolders.flatMap(({ folder, entry }) => {
    const files = modules.filter((module) => inFolder(module.path, folder));
    if (files.length === 0) return [];
    const path = `${folder}/registry.ts`;
    const registry = files.find((module) => module.path === path);
    if (registry === undefined) return [`${path}: is missing`];
    const entries = files.filter((module) => module !== registry && exportsValueOf(module, entry));
    if (entries.length === 0) return [`${path}: no file of the folder exports a ${entry}`];
    const registered = new Set(registry.imports.map((each) => targetOf(path, each.specifier)));
    return entries
      .filter((module) => !registered.has(module.path))
      .map((module) => `${module.path}: is not in ${path}`);
  });
}

/** In `src/functions` a file is a function of the language; what functions share is in `support/`. */
export function misplacedFunctions(modules: readonly Module[]): readonly string[] {
  const folder = 'src/functions';
  const supporting = ['function.ts', 'registry.ts'].map((name) => `${folder}/${name}`);
  return modules
    .filter((module) => inFolder(module.path, folder) && !supporting.includes(module.path))
    .flatMap((module) => {
      const isFunction = exportsValueOf(module, 'FunctionDefinition');
      const supports = inFolder(module.path, `${folder}/support`);
      if (isFunction !== supports) return [];
      return supports
        ? [`${module.path}: a function of the language belongs into ${folder}`]
        : [`${module.path}: exports no FunctionDefinition, so it belongs into ${folder}/support`];
    });
}

/** `export const uuid: ColumnType = …`, with or without parameters of the type, or `satisfies`. */
function exportsValueOf(module: Module, entry: string): boolean {
  return module.tokens.some((token, at) => {
    if (token.text !== entry) return false;
    const before = module.tokens.slice(at - 4, at).map((each) => each.text);
    const declared = before[0] === 'export' && before[1] === 'const' && before[3] === ':';
    return declared || before[3] === 'satisfies';
  });
}
