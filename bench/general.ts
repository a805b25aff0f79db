import { readFileSync } from 'node:fs';
import { loadPlan } from '../src/cli/program-file.ts';
import { processTerminal } from '../src/cli/terminal.ts';
import type { Plan } from '../src/plan/plan.ts';
import type { Bench, Outcome } from './bench.ts';
import { evaluationOutcome, orderMessages } from './evaluating.ts';
import { withProgram } from './program.ts';

/** Orders that the fast path of decoding cannot take, each for another reason. */
export function general(bench: Bench): Outcome {
  const source = readFileSync(bench.file, 'utf8');
  const withJson = withProgram(
    source.replace('  line_items:    Line[]', '  extra:         json?\n  line_items:    Line[]'),
    (file) => loadPlan(file, processTerminal()).plan,
  );
  const outcomes = [
    outcome(bench, bench.plan, 'an order with an unknown key', (body) =>
      body.replace('{"order_key"', '{"channel":"web","order_key"'),
    ),
    outcome(bench, bench.plan, 'an order with an escape', (body) => body.replace('"Clerk#', '"Clerk\\u0023')),
    outcome(bench, withJson, 'an order with a json field', (body) =>
      body.replace('"line_items"', '"extra":{"campaign":"spring","tags":["a","b"]},"line_items"'),
    ),
  ];
  return {
    figures: outcomes.flatMap(({ figures }) => figures),
    ratios: outcomes.flatMap(({ ratios }) => ratios),
  };
}

function outcome(bench: Bench, plan: Plan, what: string, change: (body: string) => string): Outcome {
  const messages = orderMessages(bench).map(({ entity, body }) => {
    const changed = change(body);
    if (changed === body) throw new Error(`${what}: an order stayed as it was`);
    return { entity, body: changed };
  });
  return evaluationOutcome({ plan, repeats: bench.repeats }, { what, messages, target: 1.5 });
}
