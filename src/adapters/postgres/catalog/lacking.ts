import type { TablePlan } from '../../../plan/plan.ts';
import { READ_LACKING } from '../../../sql/postgres/lacking-rights.ts';
import {
  functionName,
  type LackingRight,
  lackingRight,
  lackingText,
} from '../../../sql/postgres/lacking-text.ts';
import { grantsOf, grantsOn, grantsToWork } from '../../../sql/postgres/privileges.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';
import type { RoleKind } from '../../../sql/role-kind.ts';
import { nameInSchema } from './name-in-schema.ts';

/** `INSERT on dead_letters`, for each right on our own tables that the user lacks. */
export async function lackingOf(
  sql: SqlSession,
  schema: string | undefined,
  kind: RoleKind,
  { queueHere, keepsRefused }: { readonly queueHere: boolean; readonly keepsRefused: boolean },
): Promise<readonly string[]> {
  const grants = {
    ...grantsOf(kind, 'ledger'),
    ...(keepsRefused ? grantsOf(kind, 'refused') : {}),
    ...(queueHere ? grantsOf(kind, 'queue') : {}),
  };
  return (await lackingGrants(sql, inSchema(grants, schema), queueHere)).map(lackingText);
}

/** Those of them without which a worker can work no message. */
export async function lackingToWork(
  sql: SqlSession,
  schema: string | undefined,
  queueHere: boolean,
): Promise<readonly string[]> {
  const lacking = await lackingGrants(sql, inSchema(grantsToWork(queueHere), schema), queueHere);
  return lacking
    .filter((each) => isCertain(each) && (each.kind !== 'function' || FETCHES.test(functionName(each.name))))
    .map(lackingText);
}

/** The functions of the queue that a worker calls for every message. */
const FETCHES = /_(?:claim|claim_in_order|settle)$/;

/**
 * The same for each of these tables of the program, with its tombstones. `certain`: without what may concern some rows only.
 */
export async function lackingOn(
  sql: SqlSession,
  tables: readonly TablePlan[],
  certain: boolean,
): Promise<readonly (readonly string[])[]> {
  const grants = tables.map(grantsOn);
  const lacking = await lackingGrants(sql, Object.assign({}, ...grants), false);
  return grants.map((own) =>
    lacking
      .filter(({ tables: concerned }) => concerned.some((table) => own[table] !== undefined))
      .filter((each) => !certain || isCertain(each))
      .map(lackingText),
  );
}

/** Of a right on some rows only a statement tells whether it is enough. */
function isCertain({ kind }: LackingRight): boolean {
  return kind !== 'some rows';
}

type Grants = Readonly<Record<string, readonly string[]>>;

function inSchema(grants: Grants, schema: string | undefined): Grants {
  return Object.fromEntries(
    Object.entries(grants).map(([table, privileges]) => [nameInSchema(table, schema), privileges]),
  );
}

async function lackingGrants(
  sql: SqlSession,
  grants: Grants,
  queueHere: boolean,
): Promise<readonly LackingRight[]> {
  const wanted = Object.entries(grants).flatMap(([table, privileges]) =>
    privileges.map((privilege) => ({ table, privilege })),
  );
  if (wanted.length === 0) return [];
  const values = [wanted.map(({ table }) => table), wanted.map(({ privilege }) => privilege), queueHere];
  const { rows } = await sql.query({ text: READ_LACKING, values });
  return rows.map(lackingRight);
}
