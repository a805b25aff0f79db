import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { explainedData } from '../../src/cli/explained.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { evaluateMessage } from '../../src/plan/evaluate-message.ts';
import { graphOf } from '../../src/tools/graph/graph.ts';
import { reportText } from '../../src/tools/testing/report.ts';
import { runTests } from '../../src/tools/testing/run.ts';
import { typescriptText } from '../../src/tools/typescript/declarations.ts';
import { generatedProgram } from '../conformance/generated-program.ts';
import { messageOf } from '../support/program-edits.ts';
import { runs } from '../support/property-runs.ts';

interface Seen {
  namesakes: number;
  messages: number;
}

/** The names that `explain --json`, `types` and `graph` give the tables. */
function namesGiven(text: string): readonly (readonly string[])[] {
  const { program } = analyze({ name: 'shop.nom', text });
  const plan = compilePlan(program, 'shop.nom');
  const explained = explainedData(plan) as { readonly entities: readonly { readonly tables: string[] }[] };
  const rows = /export interface Rows_* \{\n(.*?)\}/s.exec(typescriptText(program))?.[1] ?? '';
  const nodes = graphOf(program).nodes.filter(({ kind }) => kind === 'table');
  return [
    explained.entities.flatMap(({ tables }) => tables),
    [...rows.matchAll(/readonly (.*): (.*);/g)].map(([, key]) => key ?? ''),
    [...rows.matchAll(/readonly (.*): (.*);/g)].map(([, , type]) => type ?? ''),
    nodes.map(({ id }) => id),
    nodes.map(({ title }) => title),
  ];
}

/** Gives one message in a test that expects rows in the tables that the plan writes to, and none in the others. */
function tryMessage(text: string, name: string, seed: number, seen: Seen): void {
  const { program } = analyze({ name: 'shop.nom', text });
  const { entities, limits, tables } = compilePlan(program, 'shop.nom');
  const [model, entity] = [program.entities, entities].map((all) => all.find((each) => each.name === name));
  if (model === undefined || !('tree' in model) || entity === undefined || !('evaluate' in entity)) return;
  for (const json of fc.sample(messageOf(model), { seed, numRuns: 3 })) {
    const messageId = '00000000-0000-7000-8000-000000000000';
    const input = { body: Buffer.from(json), headers: {}, messageId, receivedAt: 0 };
    const evaluation = evaluateMessage(limits, entity, input);
    if (evaluation.kind === 'rejected') continue;
    seen.messages += 1;
    const expected = tables.map(({ schema, name: table }, index) => {
      const written = evaluation.writes.some((writes) => writes.table === index && writes.rows.length > 0);
      const called = schema === undefined ? table : `${schema}.${table}`;
      return `  expect count(${called}) ${written ? '>' : '=='} 0\n`;
    });
    const tested = `${text}test "tables" {\n  given ${name} ${json}\n${expected.join('')}}\n`;
    const analysis = analyze({ name: 'shop.nom', text: tested });
    expect(renderText(analysis.findings.filter(({ severity }) => severity === 'error'))).toBe('');
    const results = runTests(analysis.program, compilePlan(analysis.program, 'shop.nom'), () => ({
      problem: 'no file',
    }));
    expect(
      results.every(({ failures }) => failures.length === 0),
      reportText('shop.nom', results, { color: false }),
    ).toBe(true);
  }
}

test('tables of the same name in two schemas are told apart wherever they are named', () => {
  const seen: Seen = { namesakes: 0, messages: 0 };
  fc.assert(
    fc.property(generatedProgram('shop'), fc.nat(), (text, seed) => {
      const { program, accepted } = analyze({ name: 'shop.nom', text });
      if (!accepted) return;
      const names = program.stores.map(({ table }) => table);
      if (new Set(names).size < names.length) seen.namesakes += 1;
      for (const given of namesGiven(text)) {
        expect(given).toHaveLength(names.length);
        expect(new Set(given).size).toBe(names.length);
      }
      for (const name of ['Parent', 'Child']) tryMessage(text, name, seed, seen);
    }),
    { numRuns: runs(400) },
  );
  // Otherwise the generator proves nothing.
  expect(seen.namesakes).toBeGreaterThan(5);
  expect(seen.messages).toBeGreaterThan(20);
});
