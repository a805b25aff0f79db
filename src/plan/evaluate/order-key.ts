import type { RecordModel } from '../../model/program.ts';
import type { Type } from '../../model/type.ts';
import type { Value } from '../../types/value.ts';
import type { Row } from '../plan.ts';

/**
 * The text of an entity's order key, for `ordered by`: equal exactly where the values are, as values of their types
 * and not as the message spells them. Each of several is preceded by its length, so that no text can run into the next.
 */
export function compileOrderKey(entity: RecordModel): ((row: Row) => string) | undefined {
  const { ordering } = entity;
  if (ordering === undefined) return undefined;
  const parts = ordering.fields.map(({ name }) => {
    const index = entity.fields.findIndex((field) => field.name === name);
    const field = entity.fields[index];
    if (field === undefined) throw new Error(`the accepted entity ${entity.name} has no field ${name}`);
    return { index, toText: textOf(field.type.type) };
  });
  const [first, ...more] = parts;
  if (first !== undefined && more.length === 0) return (row) => first.toText(row[first.index] ?? null);
  return (row) => {
    let key = '';
    for (const { index, toText } of parts) {
      const text = toText(row[index] ?? null);
      key += `${text.length}:${text}`;
    }
    return key;
  };
}

function textOf(type: Type): (value: Value) => string {
  if (type.kind === 'scalar') return type.column.toText;
  if (type.kind === 'enum') return (value) => value as string;
  throw new Error(`no accepted entity is ordered by a ${type.kind}`);
}
