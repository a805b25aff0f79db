import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

const folder = new URL('../../pipelines/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.nom'));

function analysisOf(name: string) {
  return analyze({ name, text: readFileSync(new URL(name, folder), 'utf8') });
}

test.each(files)('pipelines/%s passes every check without a warning', (name) => {
  expect(analysisOf(name).findings.map((finding) => `${finding.code} ${finding.message}`)).toEqual([]);
});

test('tpch.nom writes all eight tables, and tests each of them', () => {
  const { program } = analysisOf('tpch.nom');
  expect(program.stores.map((store) => store.table)).toEqual([
    'regions',
    'nations',
    'suppliers',
    'customers',
    'parts',
    'part_suppliers',
    'orders',
    'order_line_items',
  ]);
  const given = new Set(
    program.tests.flatMap(({ tree }) =>
      tree.steps.flatMap((step) => (step.kind === 'given' ? [step.entity.text] : [])),
    ),
  );
  expect([...given].toSorted()).toEqual(program.entities.map((entity) => entity.name).toSorted());
});
