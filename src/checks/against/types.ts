import { describeType, type ScalarType, type Type } from '../../model/type.ts';

/** Whether every JSON value that the old type takes is taken by the new one. Shapes are compared field by field elsewhere. */
export function takesAll(old: Type, now: Type): boolean {
  if (old.kind === 'scalar' && now.kind === 'scalar') return scalarTakesAll(old, now);
  if (old.kind === 'list' && now.kind === 'list') return takesAll(old.element, now.element);
  if (old.kind === 'enum' && now.kind === 'enum') return missingValues(old, now).length === 0;
  return old.kind === 'record' && now.kind === 'record';
}

/** The values of an enum that the new one lacks. */
export function missingValues(old: Type, now: Type): readonly string[] {
  if (old.kind === 'list' && now.kind === 'list') return missingValues(old.element, now.element);
  if (old.kind !== 'enum' || now.kind !== 'enum') return [];
  const kept = new Set(now.of.members.map((member) => member.value));
  return old.of.members.map((member) => member.value).filter((value) => !kept.has(value));
}

function scalarTakesAll(old: ScalarType, now: ScalarType): boolean {
  const [from, to] = [old.column.name, now.column.name];
  if (from === 'text' && to === 'text')
    return (now.parameters[0] ?? Infinity) >= (old.parameters[0] ?? Infinity);
  if (from === 'decimal' && to === 'decimal') {
    const [precision = 0, scale = 0] = old.parameters;
    const [newPrecision = 0, newScale = 0] = now.parameters;
    return newScale >= scale && newPrecision - newScale >= precision - scale;
  }
  if (from === 'int' && to === 'bigint') return true;
  return describeType(old) === describeType(now);
}

/** Whether `apply` makes the column wider where it stands, and rows of an old worker still fit. */
export function widensColumn(old: Type, now: Type): boolean {
  if (old.kind === 'list' && now.kind === 'list') return widensColumn(old.element, now.element);
  if (old.kind === 'scalar' && now.kind === 'scalar') {
    if (describeType(old) === describeType(now)) return true;
    if (old.column.name !== now.column.name || old.column.name === 'int') return false;
    return takesAll(old, now) && old.parameters[1] === now.parameters[1];
  }
  return old.kind === 'enum' && now.kind === 'enum' && missingValues(old, now).length === 0;
}
