import type { Span } from '../../text/source.ts';

/** What became of one `test` block: it passed where there are no failures. */
export interface TestResult {
  readonly title: string;
  readonly span: Span;
  readonly failures: readonly TestFailure[];
  /** Tables that rows of the test refer to and none of its messages can write: these references were not enforced. */
  readonly unenforced: readonly string[];
}

export interface TestFailure {
  /** The step of the test that failed. */
  readonly span: Span;
  /** One sentence without a full stop. */
  readonly message: string;
  /** For an expected row: how it and the nearest row that was found compare. */
  readonly columns?: readonly ColumnComparison[];
}

/** A column of an expected row beside the nearest row, both values as JSON text. */
export interface ColumnComparison {
  readonly column: string;
  readonly expected: string;
  readonly found: string;
  readonly same: boolean;
}
