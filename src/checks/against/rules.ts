import { children, type Expression, type InvokeNode, type LookupNode } from '../../model/expression.ts';
import type { RecordModel, SourceModel } from '../../model/program.ts';
import { relation } from '../../model/infer/relation.ts';
import { describeType, type RecordType, type Type } from '../../model/type.ts';
import { functions } from '../../functions/registry.ts';
import type { Value } from '../../types/value.ts';
import { takesAll } from './types.ts';

/** Whether rules of two versions of a program give the same result for every message that both read in the same way. */
export interface Rules {
  readonly same: (old: Expression, now: Expression) => boolean;
  /** Whether a derived entity has the same rows; fields may differ. */
  readonly sameRows: (old: RecordModel, now: RecordModel) => boolean;
}

/** Each pair is compared once; while it is, it counts as the same, so that a shape may contain itself. */
function remembered<T extends object>(compare: (old: T, now: T) => boolean): (old: T, now: T) => boolean {
  const known = new WeakMap<T, WeakMap<T, boolean>>();
  return (old, now) => {
    const ofOld = known.get(old) ?? new WeakMap<T, boolean>();
    known.set(old, ofOld);
    const found = ofOld.get(now);
    if (found !== undefined) return found;
    ofOld.set(now, true);
    const same = compare(old, now);
    ofOld.set(now, same);
    return same;
  };
}

export function compareRules(): Rules {
  const allSame = (old: readonly Expression[], now: readonly Expression[]): boolean =>
    old.length === now.length && old.every((each, at) => isSame(each, now[at]));
  const isSame = (old: Expression | undefined, now: Expression | undefined): boolean =>
    old === undefined || now === undefined ? old === now : same(old, now);
  const same = remembered<Expression>((old, now) => {
    if (old.kind !== now.kind || !sameParts(old, now)) return false;
    return allSame(children(old), children(now));
  });

  /** What an expression says besides its operands. */
  const sameParts = (old: Expression, now: Expression): boolean => {
    switch (old.kind) {
      case 'literal':
        return now.kind === 'literal' && old.value === now.value;
      case 'slot':
        return now.kind === 'slot' && old.name === now.name;
      case 'field':
      case 'elements':
        return (
          (now.kind === 'field' || now.kind === 'elements') &&
          old.name === now.name &&
          sameFieldOf(recordIn(old.target.typed.type), recordIn(now.target.typed.type), old.name)
        );
      case 'convert':
        return now.kind === 'convert' && sameType(old.from, now.from) && sameType(old.to, now.to);
      case 'arithmetic':
        return now.kind === 'arithmetic' && old.operator === now.operator && old.domain === now.domain;
      case 'compare':
        return (
          now.kind === 'compare' && old.operator === now.operator && sameType(old.operands, now.operands)
        );
      case 'call':
        return (
          now.kind === 'call' &&
          old.callee === now.callee &&
          old.arguments.every(({ typed }, at) => isSameType(typed.type, now.arguments[at]?.typed.type))
        );
      case 'match':
        return (
          now.kind === 'match' &&
          (old.otherwise === undefined) === (now.otherwise === undefined) &&
          old.arms.length === now.arms.length &&
          old.arms.every((arm, at) => arm.pattern === now.arms[at]?.pattern)
        );
      case 'invoke':
        return now.kind === 'invoke' && sameFunction(old.called, now.called);
      case 'lookup':
        return now.kind === 'lookup' && sameData(old.lookup, now.lookup);
      default:
        return true;
    }
  };

  const sameFunction = remembered<InvokeNode['called']>(
    (old, now) =>
      old.parameters.length === now.parameters.length &&
      old.parameters.every(({ name }, at) => name === now.parameters[at]?.name) &&
      same(old.body, now.body),
  );

  const sameFieldOf = (old: RecordType | undefined, now: RecordType | undefined, name: string): boolean => {
    const [before, after] = [old, now].map((record) => record?.fields.find((field) => field.name === name));
    return before !== undefined && after !== undefined && sameField(before, after);
  };
  const sameField = remembered<RecordType['fields'][number]>((old, now) => {
    const [before, after] = [originOf(old), originOf(now)];
    if (before === undefined || after === undefined) return sameType(old.type.type, now.type.type);
    if (before.kind === 'computed' || after.kind === 'computed')
      return before.kind === 'computed' && after.kind === 'computed' && same(before.value, after.value);
    return (
      JSON.stringify(keyed(before)) === JSON.stringify(keyed(after)) && takesAll(old.type.type, now.type.type)
    );
  });

  const sameSource = (old: SourceModel, now: SourceModel | undefined): boolean => {
    if (now === undefined || old.mode !== now.mode || old.alias !== now.alias) return false;
    if (old.from.kind === 'list') return now.from.kind === 'list' && same(old.from.list, now.from.list);
    return (
      old.from.kind === 'record' && now.from.kind === 'record' && sameRows(old.from.record, now.from.record)
    );
  };
  const sameRows = remembered<RecordModel>(
    (old, now) =>
      old.name === now.name &&
      old.sources.length === now.sources.length &&
      old.sources.every((source, at) => sameSource(source, now.sources[at])) &&
      isSame(old.where, now.where),
  );
  return { same, sameRows };
}

function originOf(field: RecordType['fields'][number]): RecordModel['fields'][number]['origin'] | undefined {
  return 'origin' in field ? (field as RecordModel['fields'][number]).origin : undefined;
}

/** An origin for a comparison; JSON has no `bigint`. */
function keyed(origin: RecordModel['fields'][number]['origin']): unknown {
  return origin.kind === 'json' && origin.default !== undefined
    ? { ...origin, default: String(origin.default) }
    : origin;
}

function recordIn(type: Type): RecordType | undefined {
  if (type.kind === 'list') return recordIn(type.element);
  return type.kind === 'record' ? type.of : undefined;
}

function isSameType(old: Type, now: Type | undefined): boolean {
  return now !== undefined && sameType(old, now);
}

/** By name: what a shape or an enum has is compared where it is read. */
function sameType(old: Type, now: Type): boolean {
  return describeType(old) === describeType(now);
}

const sameData = remembered<LookupNode['lookup']>((old, now) => {
  const text = (values: readonly Value[]): string => JSON.stringify(values.map(String));
  if (old.rows.size !== now.rows.size) return false;
  for (const [key, row] of old.rows) {
    const other = now.rows.get(key);
    if (other === undefined || text(row) !== text(other)) return false;
  }
  return true;
});

/** Whether an expression can refuse a message. */
export function canFail(node: Expression): boolean {
  switch (node.kind) {
    case 'arithmetic':
    case 'negate':
    case 'fail':
      return true;
    case 'convert':
      return relation(node.from, node.to).kind !== 'wider' || canFail(node.operand);
    case 'try':
      return canFail(node.fallback);
    case 'call':
      return functions.get(node.callee)?.fails !== undefined || node.arguments.some(canFail);
    case 'invoke':
      return canFail(node.called.body) || node.arguments.some(canFail);
    default:
      return children(node).some(canFail);
  }
}
