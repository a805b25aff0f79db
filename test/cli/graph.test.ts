import { expect, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';

test.each([
  ['mermaid', /^flowchart LR\n/],
  ['dot', /^digraph "tpch" \{\n/],
  ['svg', /<svg [^]*<\/svg>/],
])('graph --format %s draws the pipeline', async (format, pattern) => {
  const ran = await nomnom(['graph', '--format', format, 'test/examples/tpch.nom']);
  expect(ran).toMatchObject({ status: 0, err: '' });
  expect(ran.out).toMatch(pattern);
  expect(ran.out).toContain('order_line_items');
});

test('a file that does not pass the check has no graph', async () => {
  const ran = await nomnom(['graph', 'test/examples/rejected/maybe-null.nom']);
  expect(ran).toMatchObject({ status: 1, out: '' });
  expect(ran.err).toContain('NOM302');
});
