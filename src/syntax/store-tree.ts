import type { Span } from '../text/source.ts';
import type { ExpressionTree } from './expression-tree.ts';
import type { Name } from './name.ts';

export interface StoreTree {
  readonly kind: 'store';
  readonly schema?: Name;
  readonly table: Name;
  readonly existing: boolean;
  readonly items: readonly StoreItemTree[];
  readonly doc?: string;
  readonly span: Span;
}

export type StoreItemTree =
  | KeyTree
  | UniqueTree
  | UpsertTree
  | RefTree
  | IndexTree
  | PruneTree
  | DeleteTree
  | DuplicatesTree;

/** `(a, b)`, with the parentheses in the span. */
export interface NamesTree {
  readonly kind: 'names';
  readonly names: readonly Name[];
  readonly span: Span;
}

export interface KeyTree {
  readonly kind: 'key';
  readonly columns: NamesTree;
  readonly span: Span;
}

export interface UniqueTree {
  readonly kind: 'unique';
  readonly columns: NamesTree;
  readonly nullsEqual: boolean;
  readonly span: Span;
}

export interface UpsertTree {
  readonly kind: 'upsert';
  readonly columns: NamesTree;
  readonly action:
    | { readonly kind: 'replace' | 'keep' | 'merge'; readonly span?: Span }
    | { readonly kind: 'newest'; readonly by: Name; readonly span: Span }
    | { readonly kind: 'add'; readonly columns: NamesTree; readonly span: Span };
  readonly span: Span;
}

export interface RefTree {
  readonly kind: 'ref';
  readonly columns: NamesTree;
  readonly target: Name;
  readonly targetColumns: NamesTree;
  readonly soft: boolean;
  readonly span: Span;
}

export interface IndexTree {
  readonly kind: 'index';
  readonly columns: NamesTree;
  readonly span: Span;
}

export interface PruneTree {
  readonly kind: 'prune';
  readonly columns: NamesTree;
  readonly span: Span;
}

export interface DeleteTree {
  readonly kind: 'delete';
  readonly when: ExpressionTree;
  readonly span: Span;
}

export interface DuplicatesTree {
  readonly kind: 'duplicates';
  readonly rule: 'first' | 'last' | 'add' | 'newest';
  readonly span: Span;
}
