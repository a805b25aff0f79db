import type { CodeDescription, Diagnostic, Report, Severity } from '../diagnostics/diagnostic.ts';
import { finding } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../text/source.ts';

/** So many errors, and as many warnings, are kept of a program: one cause gives most of them, and all cost memory. */
export const MOST_FOUND = 10_000;

export const TOO_MANY: CodeDescription = {
  code: 'NOM802',
  severity: 'warning',
  title: 'there are more findings than are reported',
  explanation: `Of one program at most 10,000 errors and 10,000 warnings are reported. So a file in which nearly everything is wrong still
gets its answer soon.

Most of so many have one cause. Fix the first ones and check again.`,
};

/** What phases report, each mistake once, up to a bound. */
export interface Found {
  readonly report: Report;
  /** What was reported, and whether there was more. */
  readonly all: () => readonly Diagnostic[];
}

export function foundIn(source: SourceFile): Found {
  const found: Diagnostic[] = [];
  const seen = new Set<string>();
  const counts = { error: 0, warning: 0 };
  const full = new Set<Severity>();
  const report = (each: Diagnostic): void => {
    const { severity, code, message, primary } = each;
    if (counts[severity] >= MOST_FOUND) {
      full.add(severity);
      return;
    }
    // A shape's field is checked in every record that spreads it: the same mistake is told once.
    const { file, start, end } = primary.span;
    const mistake = `${code} ${file.name}:${start}-${end} ${message}`;
    if (seen.has(mistake)) return;
    seen.add(mistake);
    counts[severity] += 1;
    found.push(each);
  };
  const isFull = (): boolean => counts.error >= MOST_FOUND;
  return {
    report: Object.assign(report, { isFull }),
    all: () => [...found, ...[...full].map((severity) => more(source, severity))],
  };
}

function more(source: SourceFile, severity: Severity): Diagnostic {
  const end = Math.max(0, source.text.search(/$/m));
  return finding(
    TOO_MANY,
    { file: source, start: 0, end },
    `there are more than 10,000 ${severity}s; the others are not reported`,
    { help: 'fix the first ones and check again: most of so many have one cause' },
  );
}
