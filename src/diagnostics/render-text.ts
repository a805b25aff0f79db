import { visible, visibleLines } from '../text/visible.ts';
import type { Diagnostic, Label, Severity } from './diagnostic.ts';
import { ordered } from './order.ts';
import type { Paint } from './paint.ts';
import { ansi, plain } from './paint.ts';
import type { Mark } from './mark.ts';
import { snippetOf } from './snippet.ts';
import type { SourceFile } from '../text/source.ts';
import { positionAt } from '../text/source.ts';

export interface TextOptions {
  /** ANSI colours; off where not asked for. */
  readonly color?: boolean;
  /** So many findings are shown, errors before warnings; the closing line counts all. `MOST_SHOWN` where it is left out. */
  readonly most?: number;
}

/** Nobody reads more at once, and most of them have one cause. */
export const MOST_SHOWN = 100;
/** So many other places does a finding show: a circle can have thousands. */
const MOST_PLACES = 10;

/**
 * The findings as a person reads them, in order, each once, with the source lines they speak of and a closing
 * line that counts them. Empty where there is nothing to say; else it ends with a newline.
 */
export function renderText(findings: readonly Diagnostic[], options: TextOptions = {}): string {
  const all = ordered(findings);
  if (all.length === 0) return '';
  const paint = options.color === true ? ansi : plain;
  const shown = first(all, options.most ?? MOST_SHOWN);
  const left = all.length - shown.length;
  const more =
    left === 0 ? [] : [`and ${grouped(left)} more; \`nomnom check --max-findings 0\` prints all\n`];
  return [...shown.map((finding) => renderFinding(finding, paint)), ...more, `${summaryOf(all)}\n`].join(
    '\n',
  );
}

/** A warning never takes the place of an error. */
function first(all: readonly Diagnostic[], most: number): readonly Diagnostic[] {
  if (all.length <= most) return all;
  const errors = all.filter(({ severity }) => severity === 'error');
  const others = all.filter(({ severity }) => severity !== 'error');
  return ordered([...errors, ...others].slice(0, most));
}

function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `2 errors, 1 warning in shop.nom`. */
export function summaryOf(findings: readonly Diagnostic[]): string {
  const count = (severity: Severity): string[] => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    if (number === 0) return [];
    return [`${number} ${severity}${number === 1 ? '' : 's'}`];
  };
  const files = new Set(findings.map(({ primary }) => primary.span.file.name));
  const [only = ''] = files;
  return `${[...count('error'), ...count('warning')].join(', ')} in ${files.size === 1 ? only : `${files.size} files`}`;
}

function renderFinding(finding: Diagnostic, paint: Paint): string {
  const { severity, code, message, primary, help } = finding;
  const related = finding.related.slice(0, MOST_PLACES);
  const more = finding.related.length - related.length;
  const sections = byFile(primary, related, severity);
  const lines = sections.flatMap(({ file, marks }) =>
    marks.map(({ span }) => positionAt(file, span.end).line),
  );
  const gutter = Math.max(...lines).toString().length;
  const head = `${paint(severity, `${severity}[${code}]`)}${paint('strong', `: ${visible(message)}`)}`;
  const rows = [head];
  sections.forEach(({ file, marks }, index) => {
    const [first] = marks;
    if (first === undefined) return;
    const { line, column } = positionAt(file, first.span.start);
    const arrow = paint('gutter', `${' '.repeat(gutter)}${index === 0 ? '-->' : ':::'}`);
    rows.push(`${arrow} ${file.name}:${line}:${column}`);
    if (file.data !== true) rows.push(...snippetOf(file, marks, gutter, paint));
  });
  if (more > 0) rows.push(paint('gutter', `${' '.repeat(gutter)} …`) + ` and ${grouped(more)} more places`);
  if (help !== undefined)
    rows.push(paint('gutter', `${' '.repeat(gutter)} |`), ...helpRows(visibleLines(help), gutter, paint));
  return `${rows.join('\n')}\n`;
}

function helpRows(help: string, gutter: number, paint: Paint): readonly string[] {
  const lead = `${' '.repeat(gutter + 1)}= help: `;
  return help
    .split('\n')
    .map((line, index) =>
      index === 0
        ? `${paint('gutter', `${' '.repeat(gutter + 1)}= `)}${paint('help', 'help')}: ${line}`
        : `${' '.repeat(lead.length)}${line}`.trimEnd(),
    );
}

interface Section {
  readonly file: SourceFile;
  readonly marks: readonly Mark[];
}

/** The labels by file; the file of the primary label, and that label itself, come first. */
function byFile(primary: Label, related: readonly Label[], severity: Severity): readonly Section[] {
  const marks: readonly Mark[] = [
    { ...primary, role: severity },
    ...related.map((label): Mark => ({ ...label, role: 'related' })),
  ];
  const files = new Map<SourceFile, Mark[]>();
  for (const mark of marks) {
    const known = files.get(mark.span.file);
    if (known === undefined) files.set(mark.span.file, [mark]);
    else known.push(mark);
  }
  return [...files].map(([file, ofFile]) => ({ file, marks: ofFile }));
}
