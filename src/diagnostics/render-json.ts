import type { Span } from '../text/source.ts';
import { positionAt } from '../text/source.ts';
import type { Code, Diagnostic, Severity } from './diagnostic.ts';
import { ordered } from './order.ts';

/** A place for programs: 1-based, columns in UTF-16 units, the end exclusive. */
export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface JsonFinding extends JsonPlace {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  readonly related?: readonly (JsonPlace & { readonly message: string })[];
}

/** The findings as plain data, in order, each once. */
export function jsonFindings(findings: readonly Diagnostic[]): readonly JsonFinding[] {
  return ordered(findings).map(({ code, severity, message, primary, related, help }) => ({
    code,
    severity,
    message,
    ...placeOf(primary.span),
    ...(help === undefined ? {} : { help }),
    ...(related.length === 0
      ? {}
      : { related: related.map(({ span, text }) => ({ message: text ?? '', ...placeOf(span) })) }),
  }));
}

/** The findings as a JSON array that ends with a newline. */
export function renderJson(findings: readonly Diagnostic[]): string {
  return `${JSON.stringify(jsonFindings(findings), null, 2)}\n`;
}

function placeOf({ file, start, end }: Span): JsonPlace {
  const from = positionAt(file, start);
  const to = positionAt(file, end);
  return {
    file: file.name,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
  };
}
