/** See `TablePlan.id`. */
export function tableId(schema: string | undefined, table: string): string {
  return [schema, table].flatMap((name) => (name === undefined ? [] : [quoted(name)])).join('.');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
