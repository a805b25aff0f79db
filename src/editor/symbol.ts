import type { Span } from '../text/source.ts';

/** What a name in a program can stand for. */
export type SymbolKind =
  | 'pipeline'
  | 'enum'
  | 'enum member'
  | 'shape'
  | 'entity'
  | 'derived entity'
  | 'lookup'
  | 'function'
  | 'parameter'
  | 'alias'
  | 'field'
  | 'table'
  | 'secret'
  | 'scheme'
  | 'stream'
  | 'subject'
  | 'role'
  | 'setting'
  | 'type'
  | 'attribute';

/** One thing that has a name. The same value stands behind every occurrence of it. */
export interface NamedSymbol {
  readonly kind: SymbolKind;
  readonly name: string;
  /** The name where it is declared; absent for what the language itself brings. */
  readonly declaration?: Span;
  /** As a program writes it: `order_key: bigint`. Computed when asked, for a hover needs one of thousands. */
  readonly signature: () => string;
  /** Markdown. */
  readonly doc?: string;
  /** What follows from the program, as Markdown: where a field comes from and goes to. */
  readonly note?: () => string;
}

/** A place where a name stands. */
export interface Occurrence {
  readonly span: Span;
  readonly symbol: NamedSymbol;
  /** Here the name is declared. */
  readonly declares: boolean;
  /** A key of a message in a test: a sender's word as well as a name. */
  readonly inMessage?: true;
}

/** The type of an expression as far as names depend on it. */
export type Known =
  | { readonly kind: 'record' | 'enum' | 'lookup'; readonly name: string }
  | { readonly kind: 'list'; readonly element: Known }
  /** What `meta` names. */
  | { readonly kind: 'meta' }
  | { readonly kind: 'other' };

export const OTHER: Known = { kind: 'other' };
