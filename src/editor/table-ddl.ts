import { creation } from '../plan/creation.ts';
import type { Change } from '../plan/change.ts';
import { tableName } from '../plan/table-name.ts';
import { planTables } from '../plan/tables.ts';
import type { Program } from '../model/program.ts';
import { shownDialect } from '../sql/registry.ts';
import type { Document } from './document.ts';

/* The SQL that creates the tables of a program. A program with errors has none: nothing says what its tables are. */

const known = new WeakMap<Program, ReadonlyMap<string, string>>();

/** What creates one table, by what people call it, each statement with its semicolon; nothing for a table that is yours. */
export function ddlOf(document: Document, table: string): string | undefined {
  const { program, accepted } = document.analysis;
  if (!accepted) return undefined;
  const texts = known.get(program) ?? textsOf(program);
  known.set(program, texts);
  return texts.get(table);
}

function textsOf(program: Program): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const change of creation({ tables: planTables(program) })) {
    const table = tableOf(change);
    if (table !== undefined)
      texts.set(table, `${texts.get(table) ?? ''}${shownDialect.changeText(change)};\n`);
  }
  return texts;
}

function tableOf(change: Change): string | undefined {
  return 'table' in change ? tableName(change.table) : undefined;
}
