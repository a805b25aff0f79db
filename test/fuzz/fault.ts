import { analyze, type Analysis } from '../../src/checks/analyze.ts';
import { CHECKER_FAULT } from '../../src/checks/checker-fault.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { formatFile } from '../../src/syntax/print/format.ts';

/** What no text may do to the checker; nothing where it did none of it. */
export function faultOf(text: string): string | undefined {
  const file = { name: 'fuzz.nom', text };
  try {
    const first = analyze(file);
    return findingFault(first, text) ?? repeatFault(first, analyze({ ...file })) ?? laterFault(first, file);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

/** The same of a text that takes long to check: once, without what comes after the check. */
export function faultOfCheck(text: string): string | undefined {
  try {
    return findingFault(analyze({ name: 'fuzz.nom', text }), text);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

function findingFault({ findings }: Analysis, text: string): string | undefined {
  for (const { code, message, primary, related } of findings) {
    if (code === CHECKER_FAULT.code) return message;
    for (const { span } of [primary, ...related])
      if (span.file.text !== text || span.start < 0 || span.end < span.start || span.end > text.length)
        return `${code} is at ${span.start} to ${span.end} of ${text.length} characters`;
  }
  return renderText(findings).includes('undefined') && !text.includes('undefined')
    ? 'a finding has a hole'
    : undefined;
}

function repeatFault(first: Analysis, second: Analysis): string | undefined {
  return shown(first.findings) === shown(second.findings) ? undefined : 'its findings differ in a second run';
}

function shown(findings: readonly Diagnostic[]): string {
  return JSON.stringify(
    findings.map(({ code, message, help, primary: { span, text } }) => [
      code,
      message,
      help,
      span.start,
      span.end,
      text,
    ]),
  );
}

/** What is accepted can be compiled, and what can be read can be formatted, to a text that is formatted. */
function laterFault(
  { accepted, program }: Analysis,
  file: { name: string; text: string },
): string | undefined {
  if (accepted) compilePlan(program, file.name);
  const once = formatFile(file);
  if (once.kind === 'refused') return undefined;
  const twice = formatFile({ ...file, text: once.text });
  return twice.kind === 'formatted' && twice.text === once.text
    ? undefined
    : 'it is formatted another way each time';
}
