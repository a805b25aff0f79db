import { positionAt } from '../text/source.ts';
import type { Diagnostic } from './diagnostic.ts';
import { ordered } from './order.ts';

/**
 * The findings as workflow commands of GitHub Actions, one a line, in order: the runner shows each at its place in the
 * changed files.
 */
export function renderGithub(findings: readonly Diagnostic[]): string {
  return ordered(findings).map(commandOf).join('');
}

function commandOf({ code, severity, message, primary, related, help }: Diagnostic): string {
  const { file, start, end } = primary.span;
  const from = positionAt(file, start);
  const to = positionAt(file, end);
  const properties: Record<string, string | number> = { file: file.name, line: from.line, endLine: to.line };
  // The runner takes columns only where both are of one line.
  if (from.line === to.line) Object.assign(properties, { col: from.column, endColumn: to.column });
  properties['title'] = code;
  const lines = [
    message,
    ...related.map(({ span, text }) => {
      const place = positionAt(span.file, span.start);
      return `${span.file.name}:${place.line}:${place.column}: ${text ?? 'see here'}`;
    }),
    ...(help === undefined ? [] : [`help: ${help}`]),
  ];
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${severity} ${list.join(',')}::${escapeData(lines.join('\n'))}\n`;
}

/** Escapes as the runner's own toolkit does. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
