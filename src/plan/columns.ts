import type { FieldModel } from '../model/program.ts';
import type { Type } from '../model/type.ts';
import { arrayLiteral, element, NULL_ELEMENT } from '../types/array-literal.ts';
import type { ColumnType } from '../types/column-type.ts';
import { compareTexts } from '../types/text-order.ts';
import type { Value } from '../types/value.ts';
import type { ColumnPlan } from './plan.ts';

export function planColumn(field: FieldModel): ColumnPlan {
  const views = viewsOf(field.type.type);
  return {
    name: field.name,
    nullable: field.type.nullable,
    ...(field.doc === undefined ? {} : { doc: field.doc }),
    pii: field.pii,
    ...views,
    toElement: (value) => (value === null ? NULL_ELEMENT : views.toElement(value)),
    toJson: (value) => (value === null ? null : views.toJson(value)),
  };
}

type ColumnViews = Pick<
  ColumnPlan,
  'type' | 'parameterType' | 'toElement' | 'toJson' | 'compare' | 'allowed'
>;

/** How a column's values look to Postgres, to people, and to the sort; over values that are not null. */
function viewsOf(type: Type): ColumnViews {
  switch (type.kind) {
    case 'scalar':
      return scalarViews(type.column, type.parameters);
    case 'enum': {
      const allowed = type.of.members.map((member) => member.value);
      return {
        type: 'text',
        parameterType: 'text[]',
        toElement: (value) => element(value as string, false),
        toJson: (value) => value,
        compare: compareTexts,
        allowed,
      };
    }
    case 'list': {
      const inner = viewsOf(type.element);
      return {
        type: `${inner.type}[]`,
        parameterType: 'text[]',
        toElement: (value) => element(arrayLiteral((value as readonly Value[]).map(inner.toElement)), false),
        toJson: (value) => (value as readonly Value[]).map(inner.toJson),
        compare: () => 0,
        ...(inner.allowed === undefined ? {} : { allowed: inner.allowed }),
      };
    }
    case 'record':
    case 'null':
    case 'unknown':
      throw new Error(`a column of an accepted program is no ${type.kind}`);
  }
}

export function scalarViews(column: ColumnType, parameters: readonly number[]): ColumnViews {
  const { toText, bare } = column;
  return {
    type: column.postgres(parameters),
    parameterType: column.postgresBase === 'jsonb' ? 'text[]' : `${column.postgresBase}[]`,
    toElement: bare ? toText : (value) => element(toText(value), false),
    toJson: column.toJson,
    compare: column.compare ?? ((a, b) => compareTexts(toText(a), toText(b))),
  };
}
