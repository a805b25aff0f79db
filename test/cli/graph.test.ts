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

/** Node finds no package of this name. */
const withoutGraphviz = `import { registerHooks } from 'node:module';
registerHooks({
  resolve: (name, context, next) => next(name === '@viz-js/viz' ? '@viz-js/absent' : name, context),
});`;

test.each([
  ['svg', 2, '', '`npm install @viz-js/viz`'],
  ['dot', 0, 'digraph "tpch"', ''],
  ['mermaid', 0, 'flowchart LR', ''],
])('without Graphviz --format %s ends with %i', async (format, status, beginning, hint) => {
  const ran = await nomnom(['graph', '--format', format, 'test/examples/tpch.nom'], {
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(withoutGraphviz)}` },
  });
  expect(ran.status).toBe(status);
  expect(ran.out.slice(0, beginning.length)).toBe(beginning);
  expect(ran.err).toContain(hint);
});

test('a file that does not pass the check has no graph', async () => {
  const ran = await nomnom(['graph', 'test/examples/rejected/maybe-null.nom']);
  expect(ran).toMatchObject({ status: 1, out: '' });
  expect(ran.err).toContain('NOM302');
});

test('graph does not repeat the warnings of check', async () => {
  const file = new URL('../checks/NOM309.nom', import.meta.url).pathname;
  const checked = await nomnom(['check', file]);
  expect(`${checked.out}${checked.err}`).toContain('warning[NOM309]');
  const drawn = await nomnom(['graph', file]);
  expect([drawn.status, drawn.err]).toEqual([0, '']);
});
