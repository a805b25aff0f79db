import type { FieldModel, Program, RecordModel, StoreModel } from '../model/program.ts';
import { tableName } from '../model/table-name.ts';
import { describe } from '../model/type.ts';
import type { StoreItemTree } from '../syntax/store-tree.ts';
import { spanText, type Span } from '../text/source.ts';
import { columnText } from './column-text.ts';
import type { Document } from './document.ts';
import type { NamedSymbol } from './symbol.ts';
import { ddlOf } from './table-ddl.ts';

/** What a hover adds for an entity, a derivation, a shape or a table: columns, keys and the DDL, as Markdown. */
export function recordPage(document: Document, { kind, name, declaration }: NamedSymbol): string | undefined {
  const { program } = document.analysis;
  if (kind === 'table') {
    const store = program.stores.find(({ tree }) => isSameSpan(tree.table.span, declaration));
    return store === undefined ? undefined : storePage(document, store);
  }
  if (kind !== 'entity' && kind !== 'derived entity' && kind !== 'shape') return undefined;
  const record = recordNamed(program, name);
  const store = record === undefined ? undefined : program.storeOf.get(record);
  if (store !== undefined)
    return `Rows go to the table \`${tableName(store)}\`.\n\n${storePage(document, store)}`;
  return record === undefined || record.fields.length === 0 ? undefined : fieldsTable('field', record.fields);
}

function isSameSpan(left: Span, right: Span | undefined): boolean {
  return left.file.name === right?.file.name && left.start === right.start;
}

function recordNamed(program: Program, name: string): RecordModel | undefined {
  return [...program.entities, ...program.derivations, ...program.shapes].find((each) => each.name === name);
}

function storePage(document: Document, store: StoreModel): string {
  const { columns, tree } = store;
  const rules = tree.items.filter(isKey).map(({ span }) => `- \`${spanText(span).replaceAll(/\s+/g, ' ')}\``);
  const ddl = ddlOf(document, tableName(store));
  return [
    fieldsTable('column', columns),
    ...(rules.length === 0 ? [] : [rules.join('\n')]),
    ...(ddl === undefined ? [] : [`\`\`\`sql\n${ddl}\`\`\``]),
  ].join('\n\n');
}

function isKey({ kind }: StoreItemTree): boolean {
  return kind === 'key' || kind === 'unique' || kind === 'upsert' || kind === 'ref';
}

function fieldsTable(what: 'column' | 'field', fields: readonly FieldModel[]): string {
  const rows = fields.map(({ name, type }) => {
    const column = columnText(type.type);
    return `| \`${name}\` | \`${describe(type)}\` | ${column === undefined ? '' : `\`${column}\``} |`;
  });
  return [`| ${what} | type | in the database |`, '| --- | --- | --- |', ...rows].join('\n');
}
