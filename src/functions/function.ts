/**
 * A function of the language. Arguments and results are types of the model, which lies above this folder, so a
 * function says what it takes in this small vocabulary.
 */
export interface FunctionDefinition {
  readonly name: string;
  /** One sentence for the reference. */
  readonly doc: string;
  /** As the reference shows it: `count(rows) -> int`. */
  readonly signature: string;
  readonly parameters: readonly ParameterKind[];
  readonly result: 'int';
  /** Over values that are never null: nulls are lifted before. */
  readonly run: (values: readonly unknown[]) => number;
}

/** `list`: a list, or in a test all rows of a table. */
export type ParameterKind = 'list';
