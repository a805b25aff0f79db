import { shippedFile, shippedFiles } from '../runtime/shipped.ts';

/** A pipeline that comes with nomnom, to begin with. */
export interface Template {
  readonly name: string;
  /** The first line of its documentation. */
  readonly about: string;
  /** The secrets that `dev` and `run` need in the environment. */
  readonly secrets: readonly string[];
  /** The program first, then what it imports and its data; paths from the new folder. */
  readonly files: readonly TemplateFile[];
}

export interface TemplateFile {
  readonly path: string;
  readonly read: () => Uint8Array;
}

const FOLDER = 'pipelines';
/** Begins the others: the first is the default. */
const FIRST = ['minimal', 'webhook'];

/** Every pipeline of `pipelines/`, without what makes and tests its data. */
export function templates(): readonly Template[] {
  const paths = shippedFiles(FOLDER)
    .map((path) => path.slice(FOLDER.length + 1))
    .filter((path) => !/(\.ts|(^|\/)README\.md|\/\.gitattributes)$/.test(path));
  const names = paths.flatMap((path) => /^([^/]+)\.nom$/.exec(path)?.[1] ?? []);
  const others = names.filter((name) => !FIRST.includes(name));
  return [...FIRST.filter((name) => names.includes(name)), ...others].map((name) => ({
    name,
    ...headOf(shippedFile(`${FOLDER}/${name}.nom`).toString()),
    files: [`${name}.nom`, ...paths.filter((path) => path.startsWith(`${name}/`))].map((path) => ({
      path,
      read: () => shippedFile(`${FOLDER}/${path}`),
    })),
  }));
}

function headOf(program: string): { readonly about: string; readonly secrets: readonly string[] } {
  return {
    about: /^\/\/\/ (.*)/.exec(program)?.[1] ?? '',
    secrets: [...program.matchAll(/^secret (\w+)/gm)].flatMap(([, name]) => name ?? []),
  };
}
