import type { Type } from '../model/type.ts';
import type { ColumnValue } from '../plan/plan.ts';
import { shownDialect } from '../sql/registry.ts';
import { text } from '../types/text.ts';

/** The database's type of a column of the type. */
export function columnText(type: Type): string | undefined {
  const value = columnValue(type);
  return value === undefined ? undefined : shownDialect.typeName(value);
}

function columnValue(type: Type): ColumnValue | undefined {
  switch (type.kind) {
    case 'scalar':
      return type;
    case 'enum':
      return { kind: 'scalar', column: text, parameters: [] };
    case 'list': {
      const element = columnValue(type.element);
      return element === undefined ? undefined : { kind: 'list', element };
    }
    default:
      return undefined;
  }
}
