import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Name } from '../../syntax/name.ts';
import { UNKNOWN_NAME } from '../codes/codes.ts';
import { tableName, type WrittenTable } from '../table-name.ts';

/** What to say where a test names one of several tables that have the same name in different schemas. */
export function severalTables({ text, span }: Name, tables: readonly WrittenTable[]): Diagnostic {
  const names = tables.map((table) => `\`${tableName(table)}\``);
  return finding(UNKNOWN_NAME, span, `several tables are called \`${text}\`: ${names.join(', ')}`, {
    label: 'one of several tables',
    help: `write the schema too: ${names.join(' or ')}`,
  });
}
