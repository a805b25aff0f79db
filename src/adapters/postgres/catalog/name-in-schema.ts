import { textInSchema } from '../../../sql/postgres/own-schema.ts';

/** A table of our own as a statement finds it by its name. */
export function nameInSchema(table: string, schema: string | undefined): string {
  return schema === undefined ? table : textInSchema(table, schema);
}
