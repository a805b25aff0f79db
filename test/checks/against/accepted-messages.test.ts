import fc from 'fast-check';
import { expect, test } from 'vitest';
import { against } from '../../../src/checks/against/against.ts';
import { analyze } from '../../../src/checks/analyze.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import type { Program } from '../../../src/model/program.ts';
import { compilePlan } from '../../../src/plan/compile.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { generatedProgram } from '../../conformance/generated-program.ts';
import { messageOf, programEdits } from '../../support/program-edits.ts';

interface Compiled {
  readonly program: Program;
  readonly plan: Plan;
}

function compiled(text: string | undefined): Compiled | undefined {
  if (text === undefined) return undefined;
  const { program, accepted } = analyze({ name: 'shop.nom', text });
  return accepted ? { program, plan: compilePlan(program, 'shop.nom') } : undefined;
}

/** What becomes of a message: nothing where it is accepted. */
function refusal({ plan }: Compiled, entity: string, body: string): unknown {
  const messageId = '00000000-0000-7000-8000-000000000000';
  const found = plan.entities
    .find((each) => each.name === entity)
    ?.evaluate({ body, headers: {}, messageId, receivedAt: 0 });
  if (found === undefined) return `there is no ${entity}`;
  return found.kind === 'rejected' ? found.rejection : undefined;
}

const steps = fc.tuple(
  generatedProgram('shop'),
  fc.array(fc.tuple(fc.constantFrom(...programEdits), fc.nat(50)), { minLength: 1, maxLength: 3 }),
  fc.integer(),
);

test('where nothing is found, the new program takes every message that the old one accepted', () => {
  const seen = { silent: 0, warned: 0, broken: 0, messages: 0 };
  fc.assert(
    fc.property(steps, ([text, edits, seed]) => {
      const old = compiled(text);
      const now = compiled(edits.reduce((each, [edit, at]) => edit.apply(each, at) ?? each, text));
      if (old === undefined || now === undefined) return;
      const findings = against(old.program, now.program);
      renderText(findings);
      const silent = findings.length === 0;
      seen[silent ? 'silent' : 'warned'] += 1;
      for (const entity of old.program.entities)
        for (const body of fc.sample(messageOf(entity), { seed, numRuns: 6 })) {
          if (refusal(old, entity.name, body) !== undefined) continue;
          seen.messages += 1;
          const refused = refusal(now, entity.name, body);
          expect(silent ? refused : undefined, body).toBeUndefined();
          if (refused !== undefined) seen.broken += 1;
        }
    }),
    { numRuns: 600 },
  );
  // The property says something only where steps of both kinds are tried, and some of them do refuse messages.
  expect(Math.min(seen.silent, seen.warned, seen.broken)).toBeGreaterThan(20);
  expect(seen.messages).toBeGreaterThan(200);
});
