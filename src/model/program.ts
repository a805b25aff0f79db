import type { SourceFile, Span } from '../text/source.ts';
import type { DeleteTree, DuplicatesTree, NamesTree, StoreTree, UpsertTree } from '../syntax/store-tree.ts';
import type {
  DeriveTree,
  EntityTree,
  EnumTree,
  FieldTree,
  FunctionTree,
  LinkTree,
  LookupTree,
  OrderedTree,
  RoleTree,
  SecretTree,
  ShapeTree,
  SignedTree,
  SourceTree,
  StreamTree,
  SubjectTree,
  TestTree,
} from '../syntax/tree.ts';
import type { SchemeOptions, SignatureScheme } from '../signatures/scheme.ts';
import type { Value } from '../types/value.ts';
import type { Callable, Expression } from './expression.ts';
import type { PipelineSettingValues, RoleSettingValues, StreamSettingValues } from './settings.ts';
import type { Typed } from './type.ts';

/** The checked program: every name resolved, every type known, every default filled in. */
export interface Program {
  readonly name: string;
  /** The program's own file, not one that it imports. */
  readonly source: SourceFile;
  readonly doc?: string;
  /** The files that it reads: imported ones and those of lookups, once for each place that names one. */
  readonly files: readonly NamedFile[];
  readonly settings: PipelineSettingValues;
  readonly enums: readonly EnumModel[];
  readonly shapes: readonly RecordModel[];
  readonly entities: readonly RecordModel[];
  /** Sources before what is derived from them. */
  readonly derivations: readonly RecordModel[];
  readonly functions: readonly FunctionModel[];
  readonly lookups: readonly LookupModel[];
  readonly secrets: readonly SecretModel[];
  readonly stores: readonly StoreModel[];
  readonly streams: readonly StreamModel[];
  readonly roles: readonly RoleModel[];
  readonly tests: readonly TestModel[];
  /** Cycles of derivations, each once. */
  readonly cycles: readonly (readonly RecordModel[])[];
  /** The store that takes the rows of a record; of a shape, the one that it declares for others. */
  readonly storeOf: ReadonlyMap<RecordModel, StoreModel>;
}

/** A file of a program, by its path from where the program's own path is. */
export interface NamedFile {
  readonly name: string;
  readonly span: Span;
}

export type RecordTree = ShapeTree | EntityTree | DeriveTree;

export interface EnumModel {
  readonly name: string;
  readonly tree: EnumTree;
  readonly members: readonly { readonly name: string; readonly value: string }[];
}

/** A table of values that is read with the program. Its rows are values in the order of its fields. */
export interface LookupModel {
  readonly name: string;
  readonly tree: LookupTree;
  readonly fields: readonly { readonly name: string; readonly type: Typed; readonly span: Span }[];
  /** The place of the key among the fields. */
  readonly key: number;
  readonly rows: ReadonlyMap<Value, readonly Value[]>;
}

/** A function that the program declares. Its parameters are the slots of its body's frame. */
export interface FunctionModel extends Callable {
  readonly tree: FunctionTree;
  readonly result: Typed;
}

/**
 * A shape, an entity or a derived entity: a row of named fields. Types and expressions refer to records, also in
 * circles: a shape may hold a list of itself. So what a record holds is inferred when it is first read.
 */
export interface RecordModel {
  readonly name: string;
  readonly doc?: string;
  readonly tree: RecordTree;
  /** True where a syntax error stands in the declaration: nothing in it may cause a finding. */
  readonly broken: boolean;
  /** True where a spread brings fields that are not known, because its name is wrong: no name is missed then. */
  readonly incomplete: boolean;
  /** `@strict`: unknown keys are refused. */
  readonly strict: boolean;
  /** Empty for entities and shapes. */
  readonly sources: readonly SourceModel[];
  /** For a derived entity: whether one message can give several rows of it, or none. */
  readonly rows: 'one' | 'maybe' | 'many';
  /** The entities from which it is derived; an entity is its own. */
  readonly roots: readonly RecordModel[];
  readonly where?: Expression | undefined;
  readonly fields: readonly FieldModel[];
  readonly checks: readonly CheckModel[];
  /** For an entity with `ordered by`. */
  readonly ordering?: OrderingModel | undefined;
  /** For an entity with `signed by`. */
  readonly signature?: SignatureModel | undefined;
  /** For an entity with `on_refused`; otherwise its role decides. */
  readonly onRefused?: RoleSettingValues['on_refused'] | undefined;
  /** Where it is true of a row, the row's key is deleted instead of written. Over the same slots as the record's fields. */
  readonly deleteWhen?: Expression | undefined;
}

export interface SourceModel {
  readonly tree: SourceTree;
  readonly mode: 'one' | 'each' | 'optional';
  readonly alias: string;
  /** A whole entity or derived entity, or the list of an earlier source's field. */
  readonly from:
    | { readonly kind: 'record'; readonly record: RecordModel }
    | { readonly kind: 'list'; readonly list: Expression; readonly parent: number }
    | { readonly kind: 'unknown' };
  /** The type of one row of it. */
  readonly row: Typed;
  /** Whether the source is repeated by nature: a list, or a record with several rows. */
  readonly repeated: boolean;
}

export interface FieldModel {
  readonly name: string;
  readonly doc?: string;
  readonly type: Typed;
  readonly pii: boolean;
  readonly origin: FieldOrigin;
  /** Where the field is declared: the field itself, or the spread that brought it. */
  readonly span: Span;
  readonly tree?: FieldTree;
}

export type FieldOrigin =
  | { readonly kind: 'json'; readonly path: readonly string[]; readonly default?: Value }
  | { readonly kind: 'body' }
  | { readonly kind: 'header'; readonly header: string }
  | { readonly kind: 'computed'; readonly value: Expression }
  /** After a reported error. */
  | { readonly kind: 'missing' };

/** Messages in which these fields are equal are worked in the order in which they came. */
export interface OrderingModel {
  readonly fields: readonly ColumnName[];
  readonly tree: OrderedTree;
}

/** How the sender of an entity signs its requests, with every argument read. */
export interface SignatureModel {
  readonly scheme: SignatureScheme;
  readonly secret: SecretModel;
  readonly options: SchemeOptions;
  readonly tree: SignedTree;
}

/** A name whose value comes with the process; no program has the value. */
export interface SecretModel {
  readonly name: string;
  readonly tree: SecretTree;
}

export interface CheckModel {
  readonly condition: Expression;
  readonly message: string;
  readonly span: Span;
}

export interface StoreModel {
  /** The record that declares it; a shape's store is shared by all that spread the shape. */
  readonly record: RecordModel;
  /** The entities and derived entities whose rows it takes. */
  readonly writers: readonly RecordModel[];
  readonly tree: StoreTree;
  readonly schema?: string;
  readonly table: string;
  readonly existing: boolean;
  /** The record's fields that are columns. */
  readonly columns: readonly FieldModel[];
  readonly keys: readonly ConstraintModel[];
  readonly upsert?: UpsertModel;
  readonly refs: readonly RefModel[];
  readonly indexes: readonly { readonly columns: readonly ColumnName[]; readonly tree: NamesTree }[];
  readonly delete?: DeleteTree;
  readonly duplicates?: DuplicatesTree;
  readonly prune?: { readonly columns: readonly ColumnName[]; readonly span: Span };
}

/** A column or field as a list of names says it; `field` is absent after a reported error. */
export interface ColumnName {
  readonly name: string;
  readonly span: Span;
  readonly field?: FieldModel;
}

export interface ConstraintModel {
  readonly kind: 'key' | 'unique';
  readonly columns: readonly ColumnName[];
  readonly nullsEqual: boolean;
  readonly span: Span;
}

export interface UpsertModel {
  readonly columns: readonly ColumnName[];
  readonly action:
    | { readonly kind: 'replace' | 'keep' | 'merge' }
    | { readonly kind: 'newest'; readonly by: ColumnName }
    /** The columns accumulate, all others are replaced. */
    | { readonly kind: 'add'; readonly columns: readonly ColumnName[] };
  readonly tree: UpsertTree;
}

export interface RefModel {
  readonly columns: readonly ColumnName[];
  readonly target?: RecordModel;
  readonly targetName: ColumnName;
  readonly targetColumns: readonly ColumnName[];
  readonly soft: boolean;
  readonly span: Span;
}

export interface StreamModel {
  readonly name: string;
  readonly subjects: readonly SubjectModel[];
  readonly settings: StreamSettingValues;
  /** Absent for the stream that a pipeline has by default. */
  readonly tree?: StreamTree;
}

export interface SubjectModel {
  readonly stream: string;
  readonly name: string;
  /** With `{entity}` in it. */
  readonly template: string;
  readonly tree?: SubjectTree;
}

export interface RoleModel {
  readonly name: string;
  readonly publishes: readonly LinkModel[];
  readonly consumes: readonly LinkModel[];
  readonly deadLetter?: LinkModel;
  readonly settings: RoleSettingValues;
  readonly tree?: RoleTree;
}

export interface LinkModel {
  /** Absent after a reported error. */
  readonly subject?: SubjectModel;
  /** Every entity where no `only` is written. */
  readonly entities: readonly RecordModel[];
  readonly tree?: LinkTree;
}

export interface TestModel {
  readonly title: string;
  readonly tree: TestTree;
  readonly expectations: readonly Expression[];
}
