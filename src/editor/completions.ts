import type { SymbolKind } from './symbol.ts';

/** One thing that may stand at the cursor. */
export interface Completion {
  readonly label: string;
  readonly kind: SymbolKind | 'keyword' | 'value' | 'file' | 'folder';
  /** One line beside the label. */
  readonly detail: string;
  /** Markdown. */
  readonly doc?: string;
  /** What is written, where it is more than the label. */
  readonly insert?: string;
}

export interface Completions {
  /** Where the word begins that a completion takes the place of. */
  readonly start: number;
  readonly items: readonly Completion[];
}
