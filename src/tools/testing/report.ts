import { positionAt, type Span } from '../../text/source.ts';
import { visible } from '../../text/visible.ts';
import type { ColumnComparison, TestFailure, TestResult } from './result.ts';

export interface ReportOptions {
  /** Emphasises what failed. */
  readonly color: boolean;
}

/** The results of one file as a person reads them: a line for each test, and below it what failed. */
export function reportText(file: string, results: readonly TestResult[], { color }: ReportOptions): string {
  if (results.length === 0) return `${file}: no tests\n`;
  const paint = (code: string, text: string): string => (color ? `\u001B[${code}m${text}\u001B[0m` : text);
  const lines = results.flatMap(({ title, failures, unenforced }) => [
    failures.length === 0
      ? `  ${paint('32', 'ok')}    ${visible(title)}`
      : `  ${paint('1;31', 'FAIL')}  ${visible(title)}`,
    ...failures.flatMap((failure) => failureLines(failure, paint)),
    ...noteLines(unenforced).map((line) => paint('2', line)),
  ]);
  return [file, ...lines].map((line) => `${line}\n`).join('');
}

function noteLines(unenforced: readonly string[]): readonly string[] {
  if (unenforced.length === 0) return [];
  return [
    `        note: no message of this test writes ${unenforced.join(', ')}, so references to them were not enforced`,
  ];
}

type Painter = (code: string, text: string) => string;

function failureLines({ span, message, columns }: TestFailure, paint: Painter): readonly string[] {
  const table = columns === undefined ? [] : sideBySide(columns, paint);
  return [`        ${placeText(span)}: ${visible(message)}`, ...table.map((line) => `          ${line}`)];
}

function sideBySide(columns: readonly ColumnComparison[], paint: Painter): readonly string[] {
  const names = ['column', ...columns.map(({ column }) => column)];
  const expected = ['expected', ...columns.map((each) => visible(each.expected))];
  const found = ['closest row', ...columns.map((each) => visible(each.found))];
  const width = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
  const [nameWidth, expectedWidth] = [width(names), width(expected)];
  return names.map((name, at) => {
    const differs = at > 0 && columns[at - 1]?.same === false;
    const line = `${name.padEnd(nameWidth)}  ${(expected[at] ?? '').padEnd(expectedWidth)}  ${found[at] ?? ''}`;
    return differs ? paint('1;31', `≠ ${line}`) : `  ${line}`;
  });
}

function placeText({ file, start }: Span): string {
  const { line, column } = positionAt(file, start);
  return `${file.name}:${line}:${column}`;
}

/** `3 tests passed, 1 failed`. */
export function summaryText(results: readonly TestResult[]): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  const passed = results.length - failed;
  const tests = `${passed} test${passed === 1 ? '' : 's'} passed`;
  return `${tests}, ${failed} failed\n`;
}

/** The results as plain data for scripts. */
export function reportData(results: readonly TestResult[]): readonly unknown[] {
  return results.map(({ title, span, failures, unenforced }) => ({
    ...place(span),
    title,
    status: failures.length === 0 ? 'passed' : 'failed',
    failures: failures.map(({ span: at, message, columns }) => ({
      ...place(at),
      message,
      ...(columns === undefined ? {} : { columns }),
    })),
    unenforced,
  }));
}

function place({ file, start }: Span): { file: string; line: number; column: number } {
  return { file: file.name, ...positionAt(file, start) };
}
