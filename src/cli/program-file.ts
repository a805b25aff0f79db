import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { analyze, type Analysis } from '../checks/analyze.ts';
import { renderText } from '../diagnostics/render-text.ts';
import type { FileKind, NotRead, ReadFile } from '../model/collect/read-file.ts';
import { fileReason } from '../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../files/named-file.ts';
import { compilePlan } from '../plan/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { Ended, EXIT, usage } from './exit.ts';
import { placeOf, readBelow, readMessageBelow, readNamedByUser } from './read-below.ts';
import type { Terminal } from './terminal.ts';

/**
 * Reads and checks one file with all that it imports and looks up; a file that cannot be read is wrong use. What it
 * names and cannot be read is a finding of the check.
 */
export function analyzeFile(path: string, root?: string): Analysis {
  return analyze({ name: path, text: readProgram(path) }, filesBelow(path, root));
}

/** Reads the files that a program names: those below `root`, which is the program's own folder unless the user says another. */
export function filesBelow(program: string, root: string = dirname(program)): ReadFile {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw usage(`--root: there is no folder ${root}`);
  return Object.assign((path: string, kind: FileKind) => readBelow(root, path, kind), { placeOf });
}

/** As `filesBelow`, for messages, which are bytes. */
export function messagesBelow(program: string, root: string = dirname(program)): ReadMessage {
  return (path) => readMessageBelow(root, path);
}

/** Reads a file that is a message, or holds one on each line. */
export type ReadMessage = (path: string) => Uint8Array | NotRead;

/** The text of a program that the user named: any regular file. */
export function readProgram(path: string): string {
  try {
    const read = readNamedByUser(path, 'program');
    if (typeof read === 'string') return read;
    throw usage(`${path} ${read.problem}`);
  } catch (error) {
    if (error instanceof Ended) throw error;
    throw unreadable(path, 'the pipeline', error);
  }
}

export interface Checked {
  readonly analysis: Analysis;
  readonly plan: Plan;
  /** Reads messages that the program names. */
  readonly readMessage: ReadMessage;
}

/**
 * The plan of a file that reads others below `root`. A file that is not accepted ends the command: its errors are
 * printed, and nothing starts from it. Warnings are printed where the command asks for them.
 */
export function loadPlan(
  path: string,
  terminal: Terminal,
  root?: string,
  options: { readonly warnings?: boolean } = {},
): Checked {
  const analysis = analyzeFile(path, root);
  // `check` shows the warnings: who sends a message or starts a role has seen them.
  const errors = analysis.findings.filter(({ severity }) => severity === 'error');
  const shown = options.warnings === true ? analysis.findings : errors;
  if (shown.length > 0) terminal.note(renderText(shown, { color: terminal.color }));
  if (!analysis.accepted)
    throw new Ended(EXIT.fault, `${path} does not pass the check, so nothing was started`);
  return { analysis, plan: compilePlan(analysis.program, path), readMessage: messagesBelow(path, root) };
}

/** The bytes of a file that the user named; what it is for stands in the error. */
export function readBytes(path: string, what: string): Uint8Array {
  try {
    return readNamedFile(path, LARGEST.message);
  } catch (error) {
    throw unreadable(path, what, error);
  }
}

function unreadable(path: string, what: string, error: unknown): Ended {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return usage(`there is no file ${path}`);
  if (code === 'EISDIR') return usage(`${path} is a folder, not ${what}`);
  return usage(`${path} cannot be read: ${fileReason(error)}`);
}
