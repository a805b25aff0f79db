import type { Outcome } from '../../src/functions/function.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { compilePlan } from '../../src/plan/compile.ts';

/** A message with the given fields whose row has one computed column, `result`. */
export function programOf(call: string, fields = ''): string {
  return `entity Message { id: int  ${fields}\n  result = ${call}\n  store messages { key (id)  upsert on (id) } }`;
}

/** What a call gives for one message, through the checker, the compiler and the evaluation. */
export function outcomeOf(call: string, fields?: string, message?: string): Outcome {
  const { program, findings } = analyze({ name: 'test.nom', text: programOf(call, fields) });
  // A call with constants that always fails is an error of the program: what it would give a message is asked all the same.
  if (findings.some(({ severity, code }) => severity === 'error' && code !== 'NOM313'))
    throw new Error(renderText(findings));
  return outcomeIn(compilePlan(program, 'test.nom'), message);
}

export function outcomeIn(plan: Plan, message = '{}'): Outcome {
  const body = message.replace('{', message.trim() === '{}' ? '{"id": 1' : '{"id": 1, ');
  const [entity] = plan.entities;
  const evaluation = entity?.evaluate({
    body,
    headers: {},
    messageId: '1',
    receivedAt: Date.UTC(2024, 0, 31),
  });
  if (evaluation === undefined) throw new Error('the plan has no entity');
  if (evaluation.kind === 'rejected') {
    const { code, message: why } = evaluation.rejection;
    return { rejected: code === 'failed' ? (/: (.*)$/.exec(why)?.[1] ?? why) : `${code}: ${why}` };
  }
  const columns = plan.tables[0]?.columns ?? [];
  const at = columns.findIndex((column) => column.name === 'result');
  return columns[at]?.toJson(evaluation.writes[0]?.rows[0]?.[at] ?? null) as Outcome;
}
