import { readFileSync } from 'node:fs';
import { analyze, type Analysis } from '../checks/analyze.ts';
import { renderText } from '../diagnostics/render-text.ts';
import { compilePlan } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { Ended, EXIT, usage } from './exit.ts';
import type { Terminal } from './terminal.ts';

/**
 * Reads and checks one file with all that it imports and looks up; a file that cannot be read is wrong use. What it
 * names and cannot be read is a finding of the check.
 */
export function analyzeFile(path: string): Analysis {
  return analyze({ name: path, text: readText(path, 'the pipeline') }, readNamed);
}

/** The text of a file that a program names, or nothing. */
export function readNamed(path: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch {
    return undefined;
  }
}

export interface Checked {
  readonly analysis: Analysis;
  readonly plan: Plan;
}

/** The plan of a file. Prints what was found; a file that is not accepted ends the command: nothing starts from it. */
export function loadPlan(path: string, terminal: Terminal): Checked {
  const analysis = analyzeFile(path);
  if (analysis.findings.length > 0) terminal.note(renderText(analysis.findings, { color: terminal.color }));
  if (!analysis.accepted)
    throw new Ended(EXIT.fault, `${path} does not pass the check, so nothing was started`);
  return { analysis, plan: compilePlan(analysis.program, path) };
}

/** The text of a file that the user named; what it is for stands in the error. */
export function readText(path: string, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw usage(`there is no file ${path}`);
    if (code === 'EISDIR') throw usage(`${path} is a folder, not ${what}`);
    if (error instanceof TypeError) throw usage(`${path} is not UTF-8`);
    throw usage(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
