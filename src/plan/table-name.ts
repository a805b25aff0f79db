import { DEFAULT_SCHEMA, tableName as writtenName } from '../model/table-name.ts';
import type { TablePlan } from './plan.ts';

/** What people call a table of a plan; see `tableName` of the model. */
export function tableName({ schema, name }: Pick<TablePlan, 'schema' | 'name'>): string {
  return writtenName({ schema, table: name });
}

/** The same for a table as Postgres itself names it, always with a schema. */
export function nameInDatabase(schema: string | undefined, table: string): string {
  return writtenName({ schema: schema === DEFAULT_SCHEMA ? undefined : schema, table });
}
