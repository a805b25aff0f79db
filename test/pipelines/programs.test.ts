import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatFile } from '../../src/syntax/print/format.ts';
import { nomnom } from '../support/nomnom.ts';
import { analysisOf, pipelinePath } from './pipeline.ts';

const files = readdirSync(pipelinePath('.'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.nom'))
  .toSorted();
/** Those in a folder of their own are imported. */
const programs = files.filter((name) => !name.includes('/'));

test.each(programs)('pipelines/%s passes every check without a warning', (name) => {
  expect(analysisOf(name).findings.map((finding) => `${finding.code} ${finding.message}`)).toEqual([]);
});

test.each(files)('pipelines/%s is in the style of `nomnom fmt`', (name) => {
  const text = readFileSync(pipelinePath(name), 'utf8');
  expect(formatFile({ name, text })).toEqual({ kind: 'formatted', text });
});

test.each(programs)('pipelines/%s tests each of its entities', (name) => {
  const { program } = analysisOf(name);
  const given = new Set(
    program.tests.flatMap(({ tree }) =>
      tree.steps.flatMap((step) => (step.kind === 'given' ? [step.entity.text] : [])),
    ),
  );
  expect([...given].toSorted()).toEqual(program.entities.map((entity) => entity.name).toSorted());
});

test('`nomnom test pipelines/*.nom` passes', async () => {
  const { status, out, err } = await nomnom(['test', ...programs.map((name) => `pipelines/${name}`)]);
  expect(err).toBe('');
  expect(out).toContain(', 0 failed\n');
  for (const name of programs) expect(out).toContain(`pipelines/${name}\n  ok    `);
  expect(status).toBe(0);
});

test('tpch.nom writes all eight tables', () => {
  expect(analysisOf('tpch.nom').program.stores.map((store) => store.table)).toEqual([
    'regions',
    'nations',
    'suppliers',
    'customers',
    'parts',
    'part_suppliers',
    'orders',
    'order_line_items',
  ]);
});
