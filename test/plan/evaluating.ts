import type { Evaluation, Plan } from '../../src/plan/plan.ts';
import type { Rejection } from '../../src/types/value.ts';
import { planOf } from '../support/plan.ts';

export interface Given {
  /** A JSON text, or a value of which one is made. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const MESSAGE_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
export const RECEIVED_AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** Evaluates one message of the only entity of a program, or of the named one. */
export function evaluate(plan: Plan, { body, headers = {} }: Given, entity?: string): Evaluation {
  const target = plan.entities.find((each) => entity === undefined || each.name === entity);
  if (target === undefined) throw new Error(`the plan has no entity ${entity ?? ''}`);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return target.evaluate({ body: text, headers, messageId: MESSAGE_ID, receivedAt: RECEIVED_AT });
}

/** The rows of each table as objects, values as `eval` prints them. */
export function rowsOf(source: string, given: Given, entity?: string): Record<string, unknown[]> {
  const plan = planOf(source);
  const evaluation = evaluate(plan, given, entity);
  if (evaluation.kind === 'rejected') throw new Error(JSON.stringify(evaluation.rejection));
  const tables: Record<string, unknown[]> = {};
  for (const { table, rows } of evaluation.writes) {
    const { name, columns } = plan.tables[table] ?? { name: '', columns: [] };
    const named = rows.map((row) =>
      Object.fromEntries(columns.map((column, at) => [column.name, column.toJson(row[at] ?? null)])),
    );
    tables[name] = [...(tables[name] ?? []), ...named];
  }
  return tables;
}

/** The first column after the key of the only row of the table `t`. */
export function valueOf(fields: string, body: unknown): unknown {
  const row = rowsOf(`entity T { id: int  ${fields}  store t { key (id)  upsert on (id) } }`, {
    body: { id: 1, ...(body as object) },
  })['t']?.[0];
  return (row as Record<string, unknown>)['v'];
}

export function rejectionOf(source: string, given: Given, entity?: string): Rejection {
  const evaluation = evaluate(planOf(source), given, entity);
  if (evaluation.kind !== 'rejected') throw new Error('the message was accepted');
  return evaluation.rejection;
}
