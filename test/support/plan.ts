import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';

/** The plan of a `.nom` text; throws with the rendered findings where it is not accepted. */
export function planOf(text: string, file = 'test.nom'): Plan {
  const { program, findings, accepted } = analyze({ name: file, text });
  if (!accepted) throw new Error(renderText(findings));
  return compilePlan(program, file);
}
