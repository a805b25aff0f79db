import type { Report } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import type { Declarations } from '../collect/declarations.ts';
import type { ReadFile } from '../collect/read-file.ts';
import type { EnumModel, LookupModel, SecretModel, StreamModel } from '../program.ts';
import type { PipelineSettingValues } from '../settings.ts';
import { declaredStores, type DeclaredStore } from './declared-stores.ts';
import { resolveLookup } from './lookups.ts';
import { readSettings } from './read-settings.ts';
import type { TypeNames } from './resolve-type.ts';
import { resolveStreams } from './streams.ts';

/**
 * The second phase: what names stand for, as far as no expression decides it. Guarantees: every setting has a value of
 * its kind, every stream has its subjects, every lookup has its rows, and each record has at most one store.
 */
export interface Names {
  readonly pipeline: string;
  readonly settings: PipelineSettingValues;
  readonly enums: ReadonlyMap<string, EnumModel>;
  readonly lookups: ReadonlyMap<string, LookupModel>;
  readonly secrets: ReadonlyMap<string, SecretModel>;
  readonly streams: readonly StreamModel[];
  readonly stores: readonly DeclaredStore[];
}

export function resolveNames(
  declarations: Declarations,
  source: SourceFile,
  readFile: ReadFile | undefined,
  report: Report,
): Names {
  const { pipeline, enums } = declarations;
  const name = pipeline?.name.text ?? nameFromFile(source.name);
  const types = columnTypeNames(declarations);
  return {
    pipeline: name,
    settings: readSettings(
      'pipeline',
      pipeline?.settings ?? [],
      pipeline?.broken === true ? () => {} : report,
    ),
    enums,
    lookups: new Map(
      [...declarations.lookups].map(([key, tree]) => [key, resolveLookup(tree, types, readFile, report)]),
    ),
    secrets: new Map([...declarations.secrets].map(([key, tree]) => [key, { name: key, tree }])),
    streams: resolveStreams(name, declarations.streams, report),
    stores: declaredStores(declarations.records, report),
  };
}

/** The names of types where only columns are wanted: a shape is known by its name, and has no fields here. */
function columnTypeNames({ enums, records }: Declarations): TypeNames {
  const shapes = [...records.values()].filter((tree) => tree.kind === 'shape');
  return {
    enums,
    shapes: new Map(shapes.map(({ name: { text } }) => [text, { name: text, fields: [] }])),
    rows: [...records.values()].filter((tree) => tree.kind !== 'shape').map((tree) => tree.name.text),
  };
}

/** A pipeline without a name takes the file's, made a name: `my-shop.nom` is `my_shop`. */
function nameFromFile(path: string): string {
  const base = path.split(/[\\/]/).at(-1) ?? '';
  const name = base.replace(/\.nom$/, '').replace(/[^A-Za-z0-9_]/g, '_');
  return /^[A-Za-z_]/.test(name) ? name : `p_${name}`;
}
