import type { FieldModel } from '../model/program.ts';
import type { Type } from '../model/type.ts';
import type { ColumnType } from '../types/column-type.ts';
import { text } from '../types/text.ts';
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
    toJson: (value) => (value === null ? null : views.toJson(value)),
  };
}

type ColumnViews = Pick<ColumnPlan, 'holds' | 'toJson' | 'compare' | 'allowed'>;

/** How a column's values look to people, and to the sort; over values that are not null. */
function viewsOf(type: Type): ColumnViews {
  switch (type.kind) {
    case 'scalar':
      return scalarViews(type.column, type.parameters);
    case 'enum':
      return { ...scalarViews(text, []), allowed: type.of.members.map((member) => member.value) };
    case 'list': {
      const inner = viewsOf(type.element);
      return {
        holds: { kind: 'list', element: inner.holds },
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
  const { toText } = column;
  return {
    holds: { kind: 'scalar', column, parameters },
    toJson: column.toJson,
    compare: column.compare ?? ((a, b) => compareTexts(toText(a), toText(b))),
  };
}
