import type { Report } from '../../diagnostics/diagnostic.ts';
import type { NamedValues } from '../infer/scope.ts';
import type { RecordModel, SecretModel } from '../program.ts';
import type { DeclaredStore } from '../resolve/declared-stores.ts';
import type { ShapeFields } from './shape-fields.ts';
import type { TypeNames } from '../resolve/resolve-type.ts';

/** What a record needs of the program around it. */
export interface Context {
  readonly types: TypeNames;
  readonly values: NamedValues;
  readonly secrets: ReadonlyMap<string, SecretModel>;
  readonly records: ReadonlyMap<string, RecordModel>;
  readonly shapeFields: ShapeFields;
  /** Shapes that spread shapes too deeply: what they spread is left out. */
  readonly cut: ReadonlySet<string>;
  /** By the name of each record whose rows it takes. */
  readonly stores: ReadonlyMap<string, DeclaredStore>;
  readonly report: Report;
  /** A record by name, with everything in it inferred; `resolved` is false inside a cycle. */
  readonly find: (name: string) => { readonly record: RecordModel; readonly resolved: boolean } | undefined;
}
