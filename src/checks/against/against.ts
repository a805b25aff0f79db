import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Program } from '../../model/program.ts';
import { compareMessages } from './messages.ts';
import { compareRules } from './rules.ts';
import { compareTables } from './tables.ts';
import { compareWiring } from './wiring.ts';

/**
 * What the step from the old program to the new one may cost: messages that were accepted and do not fit, running
 * workers that break, data that is lost. Both programs have passed every check. Warnings only; none where the step is
 * harmless.
 */
export function against(old: Program, now: Program): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  const seen = new Set<string>();
  // A field that several entities spread is told once.
  const report = (found: Diagnostic): void => {
    const { file, start, end } = found.primary.span;
    const mistake = `${found.code} ${file.name}:${start}-${end} ${found.message}`;
    if (!seen.has(mistake)) findings.push(found);
    seen.add(mistake);
  };
  const rules = compareRules();
  compareMessages(old, now, rules, report);
  compareTables(old, now, rules, report);
  compareWiring(old, now, report);
  return findings;
}
