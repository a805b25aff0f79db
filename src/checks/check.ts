import type { CodeDescription, Report } from '../diagnostics/diagnostic.ts';
import type { Program } from '../model/program.ts';

/** A check of the whole program: one code, one file. */
export interface Check {
  readonly description: CodeDescription;
  /** Runs only over programs without an error, in which nothing is unknown: for what looks unused or needless. */
  readonly sound?: true;
  /** Reports every place where the program is at fault; silent about what another code has already reported. */
  readonly run: (program: Program, report: Report) => void;
}
