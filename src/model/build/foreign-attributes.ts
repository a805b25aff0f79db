import type { AttributeTree, FieldTree } from '../../syntax/tree.ts';
import { spanText } from '../../text/source.ts';

/** What an attribute of Prisma, GraphQL or an ORM is called here; nothing for others. */
export function foreignAttribute(attribute: AttributeTree, field: FieldTree): string | undefined {
  const [argument] = attribute.arguments;
  const value = argument === undefined ? undefined : spanText(argument.span);
  switch (attribute.name.text.toLowerCase()) {
    case 'map':
    case 'name':
    case 'column':
    case 'jsonproperty':
    case 'alias':
      return value === undefined ? undefined : `write \`@json(${value})\``;
    case 'id':
    case 'primarykey':
    case 'pk':
      return `leave it out: \`key (${field.name.text})\` in the braces of the \`store\` says so`;
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
