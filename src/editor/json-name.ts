import type { Program, RecordModel } from '../model/program.ts';
import type { Type } from '../model/type.ts';
import type { AttributeTree, FieldTree } from '../syntax/tree.ts';
import type { Document } from './document.ts';
import { fieldDeclaredAt, memberDeclaredAt, type DeclaredField } from './field-trees.ts';
import type { Edit } from './edit.ts';
import type { NamedSymbol } from './symbol.ts';

/**
 * What a rename of a field or a member of an enum writes besides the name, so that it goes on reading what senders write:
 * `@json("old")` behind the type of a field, ` = "old"` behind a member. Takes that away where the new name is the same. Nothing for a
 * field that is not read from JSON, and for what has its own text already.
 */
export function jsonNameEdit(document: Document, symbol: NamedSymbol, name: string): Edit | undefined {
  if (symbol.kind === 'enum member') return memberTextEdit(document, symbol, name);
  if (symbol.kind !== 'field') return undefined;
  const found = fieldDeclaredAt(document, symbol.declaration);
  if (found === undefined || !isRead(found.owner, document.analysis.program)) return undefined;
  const { field } = found;
  const json = attributeOf(field, 'json');
  if (json === undefined) {
    const other = [attributeOf(field, 'body'), attributeOf(field, 'header'), field.value];
    if (other.some((each) => each !== undefined)) return undefined;
    if (field.type === undefined) return undefined;
    const { file, end } = field.type.span;
    return { span: { file, start: end, end }, text: ` @json(${JSON.stringify(symbol.name)})` };
  }
  const [key] = json.arguments;
  if (json.arguments.length !== 1 || key?.kind !== 'string' || key.value !== name) return undefined;
  const { file, start, end } = json.span;
  const gap = /\s*$/.exec(file.text.slice(0, start))?.[0].length ?? 0;
  return { span: { file, start: start - gap, end }, text: '' };
}

function memberTextEdit(document: Document, symbol: NamedSymbol, name: string): Edit | undefined {
  const member = memberDeclaredAt(document, symbol.declaration);
  if (member === undefined) return undefined;
  const { file, end: start } = member.name.span;
  if (member.value === undefined)
    return { span: { file, start, end: start }, text: ` = ${JSON.stringify(symbol.name)}` };
  return member.value.value === name ? { span: { file, start, end: member.span.end }, text: '' } : undefined;
}

function attributeOf({ attributes }: FieldTree, name: string): AttributeTree | undefined {
  return attributes.find((each) => each.name.text === name);
}

/** Whether messages have the record's fields: those of an entity, and of the shapes that it holds or spreads. */
function isRead(owner: DeclaredField['owner'], { entities, shapes }: Program): boolean {
  const seen = new Set<string>();
  const visit = (record: RecordModel): void => {
    if (seen.has(record.name)) return;
    seen.add(record.name);
    const held = record.fields.flatMap(({ type }) => recordsIn(type.type));
    const spread = record.tree.members.flatMap((member) =>
      member.kind === 'spread' ? [member.name.text] : [],
    );
    for (const name of [...held, ...spread]) {
      const shape = shapes.find((each) => each.name === name);
      if (shape !== undefined) visit(shape);
    }
  };
  for (const entity of entities) visit(entity);
  return (owner.kind === 'entity' || owner.kind === 'shape') && seen.has(owner.name.text);
}

function recordsIn(type: Type): readonly string[] {
  if (type.kind === 'list') return recordsIn(type.element);
  return type.kind === 'record' ? [type.of.name] : [];
}
