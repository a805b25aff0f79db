import type { Diagnostic } from './diagnostic.ts';

/** The findings by file name, position and code, each once: phases may meet the same fault twice. */
export function ordered(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const finding of findings) {
    const { span } = finding.primary;
    const identity = JSON.stringify([finding.code, finding.message, span.file.name, span.start, span.end]);
    if (!seen.has(identity)) seen.set(identity, finding);
  }
  return [...seen.values()].sort(byPlace);
}

function byPlace(left: Diagnostic, right: Diagnostic): number {
  const [a, b] = [left.primary.span, right.primary.span];
  if (a.file.name !== b.file.name) return a.file.name < b.file.name ? -1 : 1;
  return a.start - b.start || a.end - b.end || Number(left.code.slice(3)) - Number(right.code.slice(3));
}
