import type { Allowed, Diagnostic } from '../diagnostics/diagnostic.ts';
import { finding } from '../diagnostics/diagnostic.ts';
import type { Program } from '../model/program.ts';
import { allowancesOf, type Allowance } from '../syntax/allowances.ts';
import { SUPPRESSED_ERROR, UNUSED_SUPPRESSION } from '../syntax/codes/suppression.ts';
import type { Name } from '../syntax/name.ts';
import type { SourceFile } from '../text/source.ts';
import { positionAt } from '../text/source.ts';

export interface Suppressed {
  /** Without the warnings that are allowed, and with what is wrong with the comments that allow them. */
  readonly findings: readonly Diagnostic[];
  readonly allowed: readonly Allowed[];
}

/** Takes from the findings the warnings that comments in the program's files allow. */
export function suppress(program: Program, findings: readonly Diagnostic[]): Suppressed {
  const { enums, shapes, entities, derivations, functions, lookups } = program;
  const declared = [...enums, ...shapes, ...entities, ...derivations, ...functions, ...lookups];
  const files = new Set([
    program.source,
    ...declared.map(({ tree }) => tree.span.file),
    ...findings.map(({ primary }) => primary.span.file),
  ]);
  return [...files].reduce<Suppressed>(suppressIn, { findings, allowed: [] });
}

function suppressIn({ findings, allowed }: Suppressed, file: SourceFile): Suppressed {
  const { allowances, findings: malformed } = allowancesOf(file);
  if (allowances.length === 0) return { findings: [...findings, ...malformed], allowed };
  const hidden = new Map<Diagnostic, Allowed>();
  const added: Diagnostic[] = [...malformed];
  const hasErrors = findings.some(({ severity }) => severity === 'error');
  for (const allowance of allowances)
    for (const code of allowance.codes) {
      const met = findings.filter((each) => each.code === code.text && isCovered(each, allowance));
      const error = met.find(({ severity }) => severity === 'error');
      for (const warning of met)
        if (warning.severity === 'warning')
          hidden.set(warning, { warning, reason: allowance.reason, span: allowance.span });
      if (error !== undefined) added.push(refused(code, error));
      else if (met.length === 0 && !hasErrors) added.push(unused(code, allowance));
    }
  return {
    findings: [...findings.filter((each) => !hidden.has(each)), ...added],
    allowed: [...allowed, ...hidden.values()],
  };
}

function isCovered({ primary }: Diagnostic, { span, lines }: Allowance): boolean {
  if (primary.span.file !== span.file) return false;
  const { line } = positionAt(span.file, primary.span.start);
  return line >= lines.first && line <= lines.last;
}

function refused(code: Name, error: Diagnostic): Diagnostic {
  return finding(SUPPRESSED_ERROR, code.span, `${code.text} is an error, and errors cannot be allowed`, {
    related: [{ span: error.primary.span, text: 'the error' }],
    help: 'fix it, and remove this comment',
  });
}

function unused(code: Name, { lines }: Allowance): Diagnostic {
  const where = lines.first >= lines.last ? 'the next line' : `the lines up to ${lines.last}`;
  return finding(UNUSED_SUPPRESSION, code.span, `there is no ${code.text} in ${where}`, {
    help: 'remove this comment, or move it to the line before the warning',
  });
}
