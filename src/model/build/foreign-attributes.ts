import type { RecordTree } from '../program.ts';
import type { AttributeTree, FieldTree } from '../../syntax/tree.ts';
import { spanText } from '../../text/source.ts';

/** What an attribute of Prisma, GraphQL or an ORM is called here; nothing for others. */
export function foreignAttribute(
  attribute: AttributeTree,
  field: FieldTree,
  record: RecordTree,
): string | undefined {
  const [argument] = attribute.arguments;
  const value = argument === undefined ? undefined : spanText(argument.span);
  if (marksKey(attribute)) return keyHelp(field.name.text, record);
  switch (attribute.name.text.toLowerCase()) {
    case 'map':
    case 'name':
    case 'column':
    case 'jsonproperty':
    case 'alias':
      return value === undefined ? undefined : `write \`@json(${value})\``;
    case 'unique':
      return `leave it out, and write \`unique (${field.name.text})\` in the braces of the \`store\``;
    case 'index':
      return `leave it out, and write \`index (${field.name.text})\` in the braces of the \`store\``;
    case 'required':
    case 'notnull':
    case 'nonnull':
      return 'leave it out: a field without `?` is required';
    case 'nullable':
    case 'optional':
      return 'leave it out, and write `?` after the type';
    default:
      return undefined;
  }
}

/** Whether an attribute makes a field the key elsewhere: `@id` of Prisma. */
export function marksKey({ name: { text } }: AttributeTree): boolean {
  return /^(?:id|primarykey|pk)$/i.test(text);
}

/** A store has one key: if it has one already, it is the better advice. */
function keyHelp(name: string, { members }: RecordTree): string {
  const stores = members.flatMap((member) => (member.kind === 'store' ? [member] : []));
  const key = stores.flatMap(({ items }) => items).find(({ kind }) => kind === 'key');
  if (key?.kind !== 'key') return `leave it out, and write \`key (${name})\` in the braces of the \`store\``;
  const columns = spanText(key.columns.span);
  return columns === `(${name})`
    ? `leave it out: the \`store\` has \`key ${columns}\` already`
    : `leave it out: the \`store\` has \`key ${columns}\`; if \`${name}\` is the key, write \`key (${name})  upsert on (${name})\` there`;
}
