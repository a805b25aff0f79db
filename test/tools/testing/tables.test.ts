import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row, UpsertAction } from '../../../src/plan/plan.ts';
import { collapser } from '../../../src/roles/worker/write/collapse.ts';
import { emptyTables } from '../../../src/tools/testing/tables.ts';
import { handPlan } from '../../roles/worker/hand-plan.ts';

const actions: readonly UpsertAction['kind'][] = ['replace', 'keep', 'merge', 'add', 'newest'];

const rows: fc.Arbitrary<readonly Row[]> = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('a', 'b'),
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom(-5n, 0n, 2n, 7n, null),
  ),
  { maxLength: 12 },
);

test.each(actions)(
  '%s leaves of one message after the other what the worker makes of all in one batch',
  (action) => {
    const sketch = {
      name: 'sales',
      columns: { shop: 'int', day: 'text', version: 'int', amount: 'bigint?' },
      key: ['shop', 'day'],
      action,
      by: action === 'add' ? ['amount'] : 'version',
    };
    const plan = handPlan([sketch], { Sale: { tables: ['sales'] } });
    const [entity] = plan.entities;
    const [table] = plan.tables;
    if (entity === undefined || table === undefined) throw new Error('there is one of each');
    const collapse = collapser(table);
    fc.assert(
      fc.property(rows, (all) => {
        const tables = emptyTables(plan);
        for (const row of all) tables.write(entity, [{ table: 0, rows: [row], parents: [] }]);
        expect(collapse(tables.rowsOf(0))).toEqual(collapse(all));
      }),
    );
  },
);
