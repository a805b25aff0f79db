import type { Capability } from '../capability.ts';
import { ddlOf } from '../table-ddl.ts';

/** What an editor asks for to show the SQL of a table; anything that can send a request can use it. */
export interface DdlParams {
  readonly textDocument: { readonly uri: string };
  readonly table: string;
}

/** The request `nomnom/ddl`: the statements that create a table, or null. */
export const ddl: Capability = {
  announces: {},
  serve: ({ connection, within }) =>
    connection.onRequest('nomnom/ddl', ({ textDocument, table }: DdlParams) =>
      within(textDocument, ({ document }) => ddlOf(document, table) ?? null),
    ),
};
