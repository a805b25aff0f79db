import { importedModules, type Module, packageOf, targetOf } from './imports.ts';
import { inFolder, partOf } from './source-tree.ts';

/** What a part may import; `types` by `import type` only. */
interface Allowance {
  readonly parts: readonly string[];
  readonly types?: readonly string[];
  /** Single files of other parts. */
  readonly files?: readonly string[];
  /** Packages from outside; left out where any but a driver is fine. */
  readonly packages?: readonly string[];
}

/** Top-down: each imports only what stands before it. */
const language = [
  'src/text',
  'src/diagnostics',
  'src/syntax',
  'src/types',
  'src/functions',
  'src/signatures',
  'src/model',
  'src/checks',
  'src/plan',
  'src/sql',
  'src/tools',
];

/** The parser generator serves the grammar and the tree made from it, nothing else. */
const languagePackages: Readonly<Record<string, readonly string[]>> = {
  grammar: ['chevrotain'],
  'src/syntax': ['chevrotain'],
  // Unicode's table of wide characters.
  'src/diagnostics': ['get-east-asian-width'],
  // The engine of regular expressions, pure and linear in time.
  'src/functions': ['re2js'],
};

/** Only an adapter speaks to a server. */
const drivers = ['pg', '@nats-io', '@electric-sql', 'jose'];

/** Only the server knows its framework. */
const frameworks = ['fastify', '@fastify'];

/**
 * What a role may know of HTTP: a role gives its routes and its health as values of these types, and the server, which it
 * does not know, serves them. So a role can be read and tested without a server, and every role gets the same one.
 */
const routesAsValues = ['route', 'answer', 'problem', 'health'].map((name) => `src/http/${name}.ts`);

/** What a check computes while a program is checked is what a message would get: there is one evaluator of expressions. */
const evaluator = ['expression', 'frame'].map((name) => `src/plan/evaluate/${name}.ts`);

/** The language with what editors ask of it; the server's transport is the exception of the purity rule. */
export const pureParts: readonly string[] = ['grammar', ...language, 'src/editor'];

function allowanceOf(part: string): Allowance | undefined {
  const packages = languagePackages[part] ?? [];
  if (part === 'grammar') return { parts: [], packages };
  if (part === 'src/text') return { parts: [], packages };
  const level = language.indexOf(part);
  if (part === 'src/checks')
    return { parts: ['grammar', ...language.slice(0, level)], packages, files: evaluator };
  if (level >= 0) return { parts: ['grammar', ...language.slice(0, level)], packages };
  if (part === 'src/editor') return { parts: ['grammar', ...language] };
  // How a file comes in that a setting names: whoever has such settings reads it there.
  if (part === 'src/files') return { parts: [], packages: [] };
  if (part === 'src/ports') return { parts: [], types: ['src/plan', 'src/types'], packages: [] };
  if (inFolder(part, 'src/roles')) {
    return {
      parts: ['src/plan', 'src/types', 'src/functions', 'src/signatures', 'src/ports', 'src/roles'],
      files: routesAsValues,
    };
  }
  if (part === 'src/http') return { parts: ['src/files', 'src/ports'], packages: ['fastify'] };
  // It alone composes adapters and roles.
  if (part === 'src/runtime')
    return {
      parts: [
        'src/plan',
        'src/signatures',
        'src/files',
        'src/ports',
        'src/roles',
        'src/http',
        'src/adapters',
      ],
    };
  if (part === 'src/cli') {
    return {
      parts: [
        'grammar',
        ...language,
        'src/editor',
        'src/files',
        'src/ports',
        'src/roles',
        'src/http',
        'src/runtime',
      ],
    };
  }
  if (inFolder(part, 'src/adapters'))
    return {
      parts: ['src/files', 'src/ports', 'src/types', 'src/sql', 'src/adapters/system-clock'],
      types: ['src/plan'],
      // What people call a table, in what an adapter says about one. The log shows hidden characters as the commands do.
      files: ['src/plan/table-name.ts', 'src/text/visible.ts'],
    };
  return undefined;
}

const covers = (parts: readonly string[], part: string) =>
  parts.some((each) => part === each || inFolder(part, each));

/** Rules 1 and 2 of the house: imports go down the list, roles and adapters see only their neighbours. */
export function wrongDirections(modules: readonly Module[]): readonly string[] {
  return modules.flatMap((module) => {
    const own = partOf(module.path);
    const allowance = allowanceOf(own);
    if (allowance === undefined) return [];
    return module.imports.flatMap((each) => {
      const target = targetOf(module.path, each.specifier);
      if (target !== undefined) {
        const part = partOf(target);
        if (part === own || covers(allowance.parts, part) || allowance.files?.includes(target) === true)
          return [];
        if (covers(allowance.types ?? [], part)) {
          return each.typeOnly ? [] : [`${module.path}: may import ${part} by \`import type\` only`];
        }
        return [`${module.path}: ${own} must not import ${part} (${each.specifier})`];
      }
      const name = packageOf(each.specifier);
      if (name === undefined) return [];
      if (allowance.packages !== undefined) {
        return allowance.packages.includes(name) ? [] : [`${module.path}: ${own} must not use ${name}`];
      }
      if (isOneOf(frameworks, name)) return [`${module.path}: only the server may use ${name}`];
      return isOneOf(drivers, name) && !inFolder(own, 'src/adapters')
        ? [`${module.path}: only an adapter may use the driver ${name}`]
        : [];
    });
  });
}

function isOneOf(packages: readonly string[], name: string): boolean {
  return packages.some((each) => name === each || name.startsWith(`${each}/`));
}

/** The packages of one scope are one driver. */
function driverOf(name: string): string {
  return name.startsWith('@') ? (name.split('/')[0] ?? name) : name;
}

/** Each adapter knows one driver. */
export function crowdedAdapters(modules: readonly Module[]): readonly string[] {
  const used = new Map<string, Set<string>>();
  for (const module of modules.filter((each) => inFolder(each.path, 'src/adapters'))) {
    const part = partOf(module.path);
    const known = used.get(part) ?? new Set();
    for (const each of module.imports) {
      const name = packageOf(each.specifier);
      if (name !== undefined) known.add(driverOf(name));
    }
    used.set(part, known);
  }
  return [...used].flatMap(([part, known]) =>
    known.size > 1 ? [`${part}: uses ${[...known].sort().join(' and ')}, one driver is the limit`] : [],
  );
}

/** `check` must start in a moment and run in an editor: it loads the language and no role or adapter. */
export function checkLoadsMore(modules: readonly Module[]): readonly string[] {
  const start = 'src/cli/commands/check.ts';
  const loaded = importedModules(modules, start);
  return loaded
    .filter((path) => inFolder(path, 'src/roles') || inFolder(path, 'src/adapters'))
    .map((path) => `${start}: loads ${path}`);
}
