import { dirname, resolve } from 'node:path';
import { analyze } from '../checks/analyze.ts';
import { renderText } from '../diagnostics/render-text.ts';
import { compilePlan } from '../plan/compile.ts';
import { notReadMessage, readerLike } from '../model/collect/read-file.ts';
import type { ReadFile } from '../tools/testing/messages.ts';
import { reportData, reportText, summaryText } from '../tools/testing/report.ts';
import type { TestResult } from '../tools/testing/result.ts';
import { runTests } from '../tools/testing/run.ts';
import { Ended, EXIT, usage } from './exit.ts';
import { filesBelow, messagesBelow, readProgram, type ReadMessage } from './program-file.ts';
import { stopSignal } from '../runtime/stop-signal.ts';
import type { Terminal } from './terminal.ts';
import { watchFiles } from './watch-files.ts';
import { jsonText } from './json-text.ts';

export interface TestOptions {
  readonly watch?: true;
  readonly json?: true;
  readonly quiet?: true;
  /** The title of the tests to run; every test where it is left out. */
  readonly name?: string;
  readonly root?: string;
}

/** Runs the tests of the files, once or after each change. A failed test ends the command with status 1. */
export async function testFiles(
  files: readonly string[],
  options: TestOptions,
  terminal: Terminal,
): Promise<void> {
  if (options.watch === true && options.json === true)
    throw usage('--json prints one result, so it cannot be combined with --watch');
  const read = new Set(files);
  const passed = testAll(files, options, terminal, read);
  if (options.watch === true) await testAgain(files, options, terminal, read);
  else if (!passed) throw new Ended(EXIT.fault, '');
}

/** Tests every file once and prints what came of it; true where all of it passed. `read` gets what the tests read. */
function testAll(
  files: readonly string[],
  { json, quiet, root, name }: TestOptions,
  terminal: Terminal,
  read: Set<string>,
): boolean {
  const titles = new Set<string>();
  const outcomes = files.map((file) => testFile(file, { root, name, titles }, terminal, read));
  const results = outcomes.flatMap((outcome) => outcome ?? []);
  if (name !== undefined && results.length === 0 && !outcomes.includes(undefined))
    throw usage(`--name: no test is called "${name}"; ${knownTitles([...titles])}`);
  if (json === true) terminal.out(jsonText(reportData(results)));
  else {
    for (const [at, outcome] of outcomes.entries()) {
      const shown = quiet === true ? outcome?.filter(({ failures }) => failures.length > 0) : outcome;
      if (shown === undefined || (quiet === true && shown.length === 0)) continue;
      terminal.out(reportText(files[at] ?? '', shown, { color: terminal.color }));
    }
    if (quiet !== true) terminal.out(summaryText(results));
  }
  return !outcomes.includes(undefined) && results.every(({ failures }) => failures.length === 0);
}

function knownTitles(titles: readonly string[]): string {
  return titles.length === 0
    ? 'there are no tests'
    : `the tests are ${titles.map((title) => `"${title}"`).join(', ')}`;
}

interface Wanted {
  readonly root: string | undefined;
  readonly name: string | undefined;
  /** Gets the title of every test. */
  readonly titles: Set<string>;
}

/** Nothing where the file does not pass the check; why is printed. */
function testFile(
  file: string,
  { root, name, titles }: Wanted,
  terminal: Terminal,
  read: Set<string>,
): readonly TestResult[] | undefined {
  const source = { name: file, text: readProgram(file) };
  const readFile = filesBelow(file, root);
  const { program, findings, accepted } = analyze(
    source,
    readerLike(readFile, (path, kind) => {
      read.add(path);
      return readFile(path, kind);
    }),
  );
  if (findings.length > 0) terminal.note(renderText(findings, { color: terminal.color }));
  if (!accepted) {
    terminal.note(`nomnom: ${file} does not pass the check, so its tests were not run\n`);
    return undefined;
  }
  for (const { title } of program.tests) titles.add(title);
  const tests = program.tests.filter(({ title }) => name === undefined || title === name);
  return runTests({ ...program, tests }, compilePlan(program, file), reader(read, messagesBelow(file, root)));
}

function reader(read: Set<string>, readMessage: ReadMessage): ReadFile {
  return (path, from) => {
    const full = resolve(dirname(from), path);
    read.add(full);
    const bytes = readMessage(full);
    return 'problem' in bytes ? { problem: notReadMessage(path, bytes) } : { bytes };
  };
}

async function testAgain(
  files: readonly string[],
  options: TestOptions,
  terminal: Terminal,
  read: Set<string>,
): Promise<void> {
  const watched = watchFiles([...read], () => {
    terminal.out('\n');
    try {
      testAll(files, options, terminal, read);
    } catch (error) {
      // A file that is away for a moment, while an editor replaces it, is no reason to stop.
      if (!(error instanceof Ended)) throw error;
      terminal.note(`nomnom: ${error.message}\n`);
    }
    terminal.note('watching for changes, end with Ctrl-C\n');
  });
  terminal.note('watching for changes, end with Ctrl-C\n');
  await stopSignal();
  watched.close();
}
