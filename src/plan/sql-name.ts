/** A table's name, quoted and qualified: it tells the tables of all programs apart. */
export function sqlName(schema: string | undefined, table: string): string {
  return [schema, table].flatMap((name) => (name === undefined ? [] : [quoted(name)])).join('.');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
