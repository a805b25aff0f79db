import type { Plan } from '../../plan/plan.ts';
import type { SqlFacts } from '../../ports/failure.ts';

/**
 * The index of the table that a failure is about, -1 where the plan does not have it. Postgres gives the schema too, but
 * where a table without one is, `search_path` says. A function that raises an error may name a table without its schema.
 */
export function failedTable({ tables }: Plan, facts: SqlFacts | undefined): number {
  if (facts?.table === undefined) return -1;
  const namesakes = [...tables.entries()].filter(([, { name }]) => name === facts.table);
  const inSchema = (schema: string | undefined): number =>
    namesakes.find(([, table]) => table.schema === schema)?.[0] ?? -1;
  if (facts.schema === undefined) return namesakes.length === 1 ? (namesakes[0]?.[0] ?? -1) : -1;
  const exact = inSchema(facts.schema);
  return exact >= 0 ? exact : inSchema(undefined);
}
