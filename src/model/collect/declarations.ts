import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import { functions as builtIns } from '../../functions/registry.ts';
import type { Name } from '../../syntax/name.ts';
import type {
  Declaration,
  DeriveTree,
  EntityTree,
  EnumTree,
  FileTree,
  FunctionTree,
  LookupTree,
  PipelineTree,
  RoleTree,
  SecretTree,
  ShapeTree,
  StreamTree,
  TestTree,
} from '../../syntax/tree.ts';
import { columnTypes } from '../../types/registry.ts';
import { isStorable, storableFault } from '../../types/storable.ts';
import { DUPLICATE_NAME, MISPLACED_DECLARATION } from '../codes/codes.ts';
import type { EnumModel } from '../program.ts';
import { specialForms } from '../special-forms.ts';
import { MAY_NOT_FIT } from '../codes/type-codes.ts';

/** The first phase: the declarations of all files, sorted by kind. Guarantees that each name of a kind stands once. */
export interface Declarations {
  readonly pipeline?: PipelineTree;
  readonly enums: ReadonlyMap<string, EnumModel>;
  readonly records: ReadonlyMap<string, ShapeTree | EntityTree | DeriveTree>;
  readonly functions: ReadonlyMap<string, FunctionTree>;
  readonly lookups: ReadonlyMap<string, LookupTree>;
  readonly secrets: ReadonlyMap<string, SecretTree>;
  readonly streams: ReadonlyMap<string, StreamTree>;
  readonly roles: ReadonlyMap<string, RoleTree>;
  readonly tests: readonly TestTree[];
}

/** The last file is the program's own, those before it are imported. */
function declarationsOf(
  files: readonly FileTree[],
): readonly { readonly declaration: Declaration; readonly isRoot: boolean }[] {
  const root = files.at(-1);
  return files.flatMap((file) =>
    file.declarations.map((declaration) => ({ declaration, isRoot: file === root })),
  );
}

/** Every name goes into its set once; the second declaration of a name is reported and left out. */
export function collect(files: readonly FileTree[], report: Report): Declarations {
  const names = new Map<string, Name>();
  const enums = new Map<string, EnumModel>();
  const records = new Map<string, ShapeTree | EntityTree | DeriveTree>();
  const lookups = new Map<string, LookupTree>();
  const functions = new Map<string, FunctionTree>();
  const secrets = new Map<string, SecretTree>();
  const streams = new Map<string, StreamTree>();
  const roles = new Map<string, RoleTree>();
  const tests: TestTree[] = [];
  let pipeline: PipelineTree | undefined;
  for (const { declaration, isRoot } of declarationsOf(files)) {
    switch (declaration.kind) {
      case 'pipeline':
        if (!isRoot)
          report(
            finding(
              MISPLACED_DECLARATION,
              declaration.name.span,
              'an imported file cannot have a `pipeline`',
              declaration.settings.length === 0
                ? {}
                : { help: 'settings of the pipeline stand in that file, and hold for what it imports' },
            ),
          );
        else if (pipeline === undefined) pipeline = declaration;
        else
          report(
            finding(
              MISPLACED_DECLARATION,
              declaration.name.span,
              'a file can have only one `pipeline`, and this is the second',
              {
                related: [{ span: pipeline.name.span, text: 'the first' }],
                help: 'remove one of the two',
              },
            ),
          );
        break;
      case 'enum':
        if (isType(declaration.name, report)) break;
        if (claim(names, declaration.name, report))
          enums.set(declaration.name.text, enumModel(declaration, report));
        break;
      case 'shape':
        if (isType(declaration.name, report)) break;
        if (claim(names, declaration.name, report)) records.set(declaration.name.text, declaration);
        break;
      case 'entity':
      case 'derive':
        if (claim(names, declaration.name, report)) records.set(declaration.name.text, declaration);
        break;
      case 'secret':
        if (claimIn(secrets, declaration, report)) secrets.set(declaration.name.text, declaration);
        break;
      case 'stream':
        if (claimIn(streams, declaration, report)) streams.set(declaration.name.text, declaration);
        break;
      case 'role':
        if (claimIn(roles, declaration, report)) roles.set(declaration.name.text, declaration);
        break;
      case 'test':
        if (isRoot) tests.push(declaration);
        break;
      case 'fn':
        if (isBuiltIn(declaration.name, report)) break;
        if (claim(names, declaration.name, report)) functions.set(declaration.name.text, declaration);
        break;
      case 'lookup':
        if (claim(names, declaration.name, report)) lookups.set(declaration.name.text, declaration);
        break;
      case 'import':
        break;
    }
  }
  return {
    ...(pipeline === undefined ? {} : { pipeline }),
    enums,
    records,
    functions,
    lookups,
    secrets,
    streams,
    roles,
    tests,
  };
}

/** A column type cannot be declared again: fields would still have the one of the language. */
function isType(name: Name, report: Report): boolean {
  const known = columnTypes.has(name.text);
  if (known)
    report(
      finding(DUPLICATE_NAME, name.span, `\`${name.text}\` is a type of the language`, {
        help: 'call yours otherwise',
      }),
    );
  return known;
}

/** A function of the language cannot be declared again. */
function isBuiltIn(name: Name, report: Report): boolean {
  const known = builtIns.has(name.text) || specialForms.some((form) => form === name.text);
  if (known)
    report(
      finding(DUPLICATE_NAME, name.span, `\`${name.text}\` is a function of the language`, {
        help: 'call yours otherwise',
      }),
    );
  return known;
}

function claim(names: Map<string, Name>, name: Name, report: Report): boolean {
  const first = names.get(name.text);
  if (first === undefined) {
    names.set(name.text, name);
    return true;
  }
  reportDuplicate(name, first, report);
  return false;
}

function claimIn<T extends { readonly name: Name }>(
  known: ReadonlyMap<string, T>,
  added: T,
  report: Report,
): boolean {
  const first = known.get(added.name.text);
  if (first !== undefined) reportDuplicate(added.name, first.name, report);
  return first === undefined;
}

export function reportDuplicate(name: Name, first: Name, report: Report): void {
  report(
    finding(DUPLICATE_NAME, name.span, `\`${name.text}\` is declared twice`, {
      label: 'declared again',
      related: [{ span: first.span, text: 'declared here first' }],
      help: 'rename one of the two',
    }),
  );
}

function enumModel(tree: EnumTree, report: Report): EnumModel {
  const names = new Map<string, Name>();
  const values = new Map<string, Name>();
  const members: { name: string; value: string }[] = [];
  for (const member of tree.members) {
    const value = member.value?.value ?? member.name.text;
    const sameValue = values.get(value);
    if (!claim(names, member.name, tree.broken ? () => {} : report)) continue;
    if (sameValue !== undefined && !tree.broken)
      report(
        finding(
          DUPLICATE_NAME,
          member.value?.span ?? member.name.span,
          `two members of ${tree.name.text} have the value "${value}"`,
          {
            related: [{ span: sameValue.span, text: 'the other' }],
            help: 'give one of them another value, or remove it',
          },
        ),
      );
    if (!isStorable(value) && !tree.broken)
      report(
        finding(
          MAY_NOT_FIT,
          member.value?.span ?? member.name.span,
          `${tree.name.text}.${member.name.text} is ${storableFault(value)}, which a column cannot hold`,
        ),
      );
    values.set(value, member.name);
    members.push({ name: member.name.text, value });
  }
  if (members.length === 0 && !tree.broken)
    report(
      finding(MISPLACED_DECLARATION, tree.name.span, `the enum ${tree.name.text} has no values`, {
        help: `list them: \`enum ${tree.name.text} { Open  Closed = "C" }\``,
      }),
    );
  return { name: tree.name.text, tree, members };
}
