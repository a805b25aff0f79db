import { expect, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';

test('schema prints one document, or the schema of the entity that is named', async () => {
  const all = await nomnom(['schema', 'test/examples/tpch.nom']);
  expect(all).toMatchObject({ status: 0, err: '' });
  expect(JSON.parse(all.out)).toMatchObject({ $defs: { Customer: {}, Order: {}, Line: {} } });
  const one = await nomnom(['schema', 'test/examples/tpch.nom', 'Order']);
  expect(JSON.parse(one.out)).toMatchObject({ title: 'Order', $defs: { Line: {} } });
  const none = await nomnom(['schema', 'test/examples/tpch.nom', 'Ordr']);
  expect(none).toMatchObject({ status: 2, out: '' });
  expect(none.err).toContain('did you mean Order?');
});

test('types prints declarations', async () => {
  const ran = await nomnom(['types', 'test/examples/tiny.nom']);
  expect(ran).toMatchObject({ status: 0, err: '' });
  expect(ran.out).toContain('export interface Ping {');
  expect(ran.out).toContain('export interface PingsRow {');
});
