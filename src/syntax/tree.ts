import type { Span } from '../text/source.ts';
import type { ExpressionTree, LiteralTree, NumberLiteral } from './expression-tree.ts';
import type { Name, Text } from './name.ts';
import type { KeyTree, NamesTree, StoreTree } from './store-tree.ts';

/**
 * The syntax tree: what was written, with the place of every part. Nothing here is resolved or checked.
 * A declaration in which a syntax error was found has `broken: true`: its name is declared, but nothing
 * else in it may cause a finding, so that one error never cascades.
 */
export interface FileTree {
  readonly kind: 'file';
  readonly span: Span;
  readonly declarations: readonly Declaration[];
}

export type Declaration =
  | PipelineTree
  | ImportTree
  | EnumTree
  | ShapeTree
  | EntityTree
  | DeriveTree
  | LookupTree
  | FunctionTree
  | SecretTree
  | StreamTree
  | RoleTree
  | TestTree;

/** Parts that every declaration has. */
interface Declared {
  /** From the first to the last token, without doc comments. */
  readonly span: Span;
  /** The text of the `///` lines before it, without the slashes, joined by newlines. */
  readonly doc?: string;
  readonly broken: boolean;
}

export interface PipelineTree extends Declared {
  readonly kind: 'pipeline';
  readonly name: Name;
  readonly settings: readonly SettingTree[];
}

export interface ImportTree extends Declared {
  readonly kind: 'import';
  readonly path: Text;
}

export interface EnumTree extends Declared {
  readonly kind: 'enum';
  readonly name: Name;
  readonly members: readonly EnumMemberTree[];
}

export interface EnumMemberTree {
  readonly kind: 'enum-member';
  readonly name: Name;
  /** The string in JSON and in the table; the name itself where it is left out. */
  readonly value?: Text;
  readonly doc?: string;
  readonly span: Span;
}

export interface ShapeTree extends Declared {
  readonly kind: 'shape';
  readonly name: Name;
  readonly members: readonly MemberTree[];
}

export interface EntityTree extends Declared {
  readonly kind: 'entity';
  readonly name: Name;
  readonly attributes: readonly AttributeTree[];
  readonly members: readonly MemberTree[];
}

export interface DeriveTree extends Declared {
  readonly kind: 'derive';
  readonly name: Name;
  readonly sources: readonly SourceTree[];
  readonly where?: ExpressionTree;
  readonly members: readonly MemberTree[];
}

export interface SourceTree {
  readonly kind: 'source';
  readonly mode: 'one' | 'each' | 'optional';
  readonly path: PathTree;
  readonly alias?: Name;
  readonly span: Span;
}

/** A dotted name: `o.line_items`, `SHOP.ingest`. Never empty. */
export interface PathTree {
  readonly kind: 'path';
  readonly parts: readonly Name[];
  readonly span: Span;
}

export type MemberTree =
  | FieldTree
  | SpreadTree
  | CheckTree
  | OrderedTree
  | SignedTree
  | RefusedTree
  | StoreTree;

export interface FieldTree {
  readonly kind: 'field';
  readonly name: Name;
  readonly type?: TypeTree;
  readonly attributes: readonly AttributeTree[];
  readonly value?: ExpressionTree;
  readonly doc?: string;
  readonly span: Span;
}

export interface TypeTree {
  readonly kind: 'type';
  readonly name: Name;
  readonly parameters: readonly NumberLiteral[];
  readonly list: boolean;
  readonly nullable: boolean;
  readonly span: Span;
}

export interface AttributeTree {
  readonly kind: 'attribute';
  /** Without the `@`. */
  readonly name: Name;
  readonly arguments: readonly LiteralTree[];
  readonly span: Span;
}

export interface SpreadTree {
  readonly kind: 'spread';
  readonly name: Name;
  readonly span: Span;
}

export interface CheckTree {
  readonly kind: 'check';
  readonly condition: ExpressionTree;
  readonly message?: Text;
  readonly span: Span;
}

/** `ordered by (a, b)` of an entity. */
export interface OrderedTree {
  readonly kind: 'ordered';
  readonly fields: NamesTree;
  readonly span: Span;
}

/** `signed by stripe(STRIPE_WEBHOOK)` of an entity. */
export interface SignedTree {
  readonly kind: 'signed';
  readonly scheme: Name;
  /** What stands in the parentheses: the secret first. */
  readonly arguments: readonly LiteralTree[];
  readonly span: Span;
}

/** `on_refused: dead_letter` of an entity. */
export interface RefusedTree {
  readonly kind: 'refused';
  readonly action: 'answer' | 'dead_letter';
  readonly span: Span;
}

export interface LookupTree extends Declared {
  readonly kind: 'lookup';
  readonly name: Name;
  readonly path: Text;
  readonly fields: readonly FieldTree[];
  readonly keys: readonly KeyTree[];
}

export interface FunctionTree extends Declared {
  readonly kind: 'fn';
  readonly name: Name;
  readonly parameters: readonly ParameterTree[];
  readonly result: TypeTree;
  readonly body: ExpressionTree;
}

export interface ParameterTree {
  readonly kind: 'parameter';
  readonly name: Name;
  readonly type: TypeTree;
  readonly span: Span;
}

/** `secret STRIPE_WEBHOOK`: its value comes with the process, never with the file. */
export interface SecretTree extends Declared {
  readonly kind: 'secret';
  readonly name: Name;
}

export interface StreamTree extends Declared {
  readonly kind: 'stream';
  readonly name: Name;
  readonly subjects: readonly SubjectTree[];
  readonly settings: readonly SettingTree[];
}

export interface SubjectTree {
  readonly kind: 'subject';
  readonly name: Name;
  readonly pattern: Text;
  readonly doc?: string;
  readonly span: Span;
}

export interface RoleTree extends Declared {
  readonly kind: 'role';
  readonly name: Name;
  readonly links: readonly LinkTree[];
  readonly settings: readonly SettingTree[];
}

export interface LinkTree {
  readonly kind: 'publish' | 'consume' | 'dead_letter';
  readonly path: PathTree;
  /** `only A, B`: empty means every entity. Only `consume` has it. */
  readonly only: readonly Name[];
  readonly span: Span;
}

export interface SettingTree {
  readonly kind: 'setting';
  readonly name: Name;
  readonly value: LiteralTree;
  readonly span: Span;
}

export interface TestTree extends Declared {
  readonly kind: 'test';
  readonly title: Text;
  readonly steps: readonly (GivenTree | ExpectTree)[];
}

export interface GivenTree {
  readonly kind: 'given';
  readonly entity: Name;
  readonly input: { readonly kind: 'file'; readonly path: Text } | JsonTree;
  readonly span: Span;
}

/** A JSON value written in the file. */
export interface JsonTree {
  readonly kind: 'json';
  /** The JSON text with comments left out: what `JSON.parse` takes. */
  readonly text: string;
  readonly span: Span;
}

export type ExpectTree =
  | {
      readonly kind: 'expect';
      readonly what: 'condition';
      readonly condition: ExpressionTree;
      readonly span: Span;
    }
  | { readonly kind: 'expect'; readonly what: 'rejected'; readonly code?: Name; readonly span: Span }
  | {
      readonly kind: 'expect';
      readonly what: 'row';
      readonly schema?: Name;
      readonly table: Name;
      readonly row: JsonTree;
      readonly span: Span;
    };
