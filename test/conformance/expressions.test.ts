import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, expect, inject, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { runs } from '../support/property-runs.ts';
import { expression, FIELDS, row, type Row, type Written } from './generated-expression.ts';

const client = new Client({ connectionString: inject('databaseUrl') });
await client.connect();
afterAll(() => client.end());

function planOf({ nom }: Written): Plan | undefined {
  const fields = FIELDS.map(({ name, type }) => `${name}: ${type}`).join('  ');
  const text = `entity T { id: int  ${fields}  result = ${nom}  store t { key (id)  upsert on (id) } }`;
  const { program, accepted } = analyze({ name: 'expression.nom', text });
  return accepted ? compilePlan(program, 'expression.nom') : undefined;
}

/** Zeros at the end of a fraction come from the type of a branch, which Postgres has not. */
function plain(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** The result as Postgres prints it, or that the row is refused. */
function ours(plan: Plan, values: Row): string {
  const evaluation = plan.entities[0]?.evaluate({
    body: JSON.stringify({ id: 1, ...values }),
    headers: {},
    messageId: '',
    receivedAt: 0,
  });
  if (evaluation?.kind !== 'rows') return 'refused';
  const value = evaluation.writes[0]?.rows[0]?.at(-1);
  return plain(String(value));
}

async function theirs({ sql }: Written, values: Row): Promise<string> {
  const columns = FIELDS.map((field, at) => `$${at + 1}::${field.sql} AS ${field.name}`).join(', ');
  try {
    const { rows } = await client.query(
      `SELECT (${sql})::text AS result FROM (SELECT ${columns}) AS row`,
      FIELDS.map(({ name }) => values[name]),
    );
    return plain((rows[0] as { result: string }).result);
  } catch (error) {
    const { code } = error as { code?: string };
    // Division by zero, a number out of range.
    if (code === '22012' || code === '22003') return 'refused';
    throw error;
  }
}

test('an expression has the value that Postgres gives it', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(expression, fc.array(row, { minLength: 3, maxLength: 3 }), async (written, rows) => {
      const plan = planOf(written);
      if (plan === undefined) return;
      for (const values of rows) {
        compared += 1;
        expect([written.nom, ours(plan, values)]).toEqual([written.nom, await theirs(written, values)]);
      }
    }),
    { numRuns: runs(500) },
  );
  expect(compared).toBeGreaterThan(runs(500));
});
