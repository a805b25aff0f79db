import type { Allowed, Diagnostic } from '../diagnostics/diagnostic.ts';
import { UNKNOWN_NAME } from '../model/codes/codes.ts';
import { buildProgram } from '../model/build/build.ts';
import type { ReadFile } from '../model/collect/read-file.ts';
import type { Program } from '../model/program.ts';
import { parseFile } from '../syntax/parse.ts';
import type { FileTree } from '../syntax/tree.ts';
import type { SourceFile } from '../text/source.ts';
import { faultOf } from './checker-fault.ts';
import { withoutConsequences } from './consequences.ts';
import { foundIn } from './found.ts';
import { checks } from './registry.ts';
import { merged } from '../syntax/merge.ts';
import { suppress } from './suppress.ts';

/** A program with everything that was found in it. */
export interface Analysis {
  readonly program: Program;
  readonly findings: readonly Diagnostic[];
  /** The warnings that comments allow; they are not among the findings. */
  readonly allowed: readonly Allowed[];
  /** No finding is an error: the program may be compiled and run. */
  readonly accepted: boolean;
}

/**
 * Text → tree → model → checks. Files that the program imports and those of its lookups come from `readFile`; without
 * one they cannot be read. Pure otherwise; never throws for any text: an error of our own is a finding.
 */
export function analyze(source: SourceFile, readFile?: ReadFile): Analysis {
  const findings: Diagnostic[] = [];
  try {
    const tree = parseFile(source, (finding) => void findings.push(finding));
    return analyzeTree(tree, findings, readFile);
  } catch (error) {
    return faultOf(source, error);
  }
}

/** The same for a file that was read already, with what its syntax gave cause to report. */
export function analyzeTree(tree: FileTree, syntax: readonly Diagnostic[], readFile?: ReadFile): Analysis {
  try {
    return examined(tree, syntax, readFile);
  } catch (error) {
    return faultOf(tree.span.file, error);
  }
}

function examined(tree: FileTree, syntax: readonly Diagnostic[], readFile: ReadFile | undefined): Analysis {
  const { report, all } = foundIn(tree.span.file);
  syntax.forEach(report);
  const program = buildProgram(tree, report, readFile);
  for (const check of checks) if (check.sound !== true) check.run(program, report);
  if (all().every((finding) => finding.severity !== 'error'))
    for (const check of checks) if (check.sound === true) check.run(program, report);
  const { findings, allowed } = suppress(program, merged(withoutConsequences(all(), program), isForeignType));
  return { program, findings, allowed, accepted: findings.every((finding) => finding.severity !== 'error') };
}

/** `string` for `text`: whoever writes it once writes it for every field, and it is one mistake. */
function isForeignType({ code, message, help }: Diagnostic): boolean {
  return (
    code === UNKNOWN_NAME.code && message.startsWith('there is no type') && help?.startsWith('write') === true
  );
}
