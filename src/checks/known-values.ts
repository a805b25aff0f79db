import { dependenciesFirst } from '../model/dependencies-first.ts';
import type { Expression } from '../model/expression.ts';
import { pathKey } from '../model/infer/scope.ts';
import type { FieldModel, RecordModel } from '../model/program.ts';
import { constants } from '../model/query/constant.ts';
import { isCheap, longTexts, type LongTexts } from '../model/query/cost.ts';
import { reads } from '../model/query/dependencies.ts';
import { compileExpression } from '../plan/evaluate/expression.ts';
import { MessageRejected } from '../plan/evaluate/frame.ts';
import type { Value } from '../types/value.ts';
import { fieldRead, type Owned } from './field-read.ts';

/** What is known of expressions before any message comes. */
export interface KnownValues {
  /** The value that an expression has in every message in which it has one. */
  readonly of: (node: Expression) => Value | undefined;
  /** Whether an expression is computed in every message, and gives the same value. */
  readonly isComputed: (node: Expression) => boolean;
  /** Why an expression cannot be computed in any message. */
  readonly failureOf: (node: Expression) => MessageRejected | undefined;
  /** The fields in an expression that are the same in every message. */
  readonly fieldsIn: (node: Expression) => readonly FieldModel[];
}

export interface KnownEverywhere extends KnownValues {
  /** The same where the expressions of a record stand: there fields have a name, and some are the same in every message. */
  readonly within: (record: RecordModel) => KnownValues;
}

type Outcome = { readonly value: Value } | { readonly rejected: MessageRejected } | 'unknown';

/** Asks the evaluator of messages, each constant once. */
export function knownValues(): KnownEverywhere {
  const records = new Map<RecordModel, KnownValues>();
  const fields = new Map<FieldModel, Value | undefined>();
  const long = longTexts();
  const within = (record: RecordModel): KnownValues => {
    const known = records.get(record) ?? valuesWhere(fieldsIn(record, valueOf), long);
    records.set(record, known);
    return known;
  };
  const valueOf = (read: Owned): Value | undefined => {
    const owners = new Map([[read.field, read.record]]);
    const needsOf = (field: FieldModel): readonly FieldModel[] | undefined => {
      const record = owners.get(field);
      if (record === undefined || fields.has(field)) return undefined;
      return fieldsRead(record, field).map((each) => {
        owners.set(each.field, each.record);
        return each.field;
      });
    };
    // Fields can be made of fields through thousands of steps.
    for (const field of dependenciesFirst(read.field, needsOf)) {
      const record = owners.get(field);
      if (record === undefined || fields.has(field)) continue;
      // One of a circle is not known.
      fields.set(field, undefined);
      if (field.origin.kind === 'computed' && !record.broken)
        fields.set(field, short(within(record).of(field.origin.value)));
    }
    return fields.get(read.field);
  };
  return { ...valuesWhere(NO_FIELDS, long), within };
}

/** The fields that are known where an expression stands, as a frame has them. */
interface KnownFields {
  /** The field, where it is known: then its value is in the frame. */
  readonly find: (slot: number, index: number) => FieldModel | undefined;
  readonly frame: readonly Value[];
  /** The size of the longest value in each slot. */
  readonly sizes: readonly number[];
}

const NO_FIELDS: KnownFields = { find: () => undefined, frame: [], sizes: [] };

function fieldsIn(record: RecordModel, valueOf: (read: Owned) => Value | undefined): KnownFields {
  const frame: Value[][] = Array.from({ length: record.sources.length + 2 }, () => []);
  const sizes: number[] = frame.map(() => 0);
  const find = (slot: number, index: number): FieldModel | undefined => {
    const read = fieldRead(record, slot, index);
    const value = read === undefined ? undefined : valueOf(read);
    const row = frame[slot];
    if (value === undefined || row === undefined) return undefined;
    row[index] = value;
    sizes[slot] = Math.max(sizes[slot] ?? 0, String(value).length);
    return read?.field;
  };
  return { find, frame, sizes };
}

function valuesWhere({ find, frame, sizes }: KnownFields, long: LongTexts): KnownValues {
  const isConstant = constants((slot, index) => find(slot, index) !== undefined);
  const outcomes = new Map<Expression, Outcome>();
  const outcomeOf = (node: Expression): Outcome => {
    if (!isConstant(node)) return 'unknown';
    const known = outcomes.get(node);
    if (known !== undefined) return known;
    const made = isCheap(node, sizes, long) ? kept(evaluated(node, frame)) : 'unknown';
    outcomes.set(node, made);
    return made;
  };
  const of = (node: Expression): Value | undefined => {
    const outcome = outcomeOf(node);
    return typeof outcome === 'object' && 'value' in outcome ? outcome.value : truthOf(node, of);
  };
  return {
    of,
    isComputed: (node) => {
      const outcome = outcomeOf(node);
      return typeof outcome === 'object' && 'value' in outcome;
    },
    failureOf: (node) => {
      const outcome = outcomeOf(node);
      return typeof outcome === 'object' && 'rejected' in outcome ? outcome.rejected : undefined;
    },
    fieldsIn: (node) => [
      ...new Set(
        reads(node).flatMap(({ slot, fieldIndex }) =>
          fieldIndex === undefined ? [] : (find(slot, fieldIndex) ?? []),
        ),
      ),
    ],
  };
}

/** The fields that the value of a field reads. */
function fieldsRead(record: RecordModel, { origin }: FieldModel): readonly Owned[] {
  if (origin.kind !== 'computed') return [];
  return reads(origin.value).flatMap(({ slot, fieldIndex }) =>
    fieldIndex === undefined ? [] : (fieldRead(record, slot, fieldIndex) ?? []),
  );
}

/** A long text is not kept: that it can be computed is all that matters of it. */
function kept(outcome: Outcome): Outcome {
  const long = typeof outcome === 'object' && 'value' in outcome && typeof outcome.value === 'string';
  return long && outcome.value.length > MOST_KEPT ? 'unknown' : outcome;
}

const MOST_KEPT = 1_000_000;

/** A text that is longer can be the start of one without end. */
const LONGEST = 10_000;

function short(value: Value | undefined): Value | undefined {
  return typeof value === 'string' && value.length > LONGEST ? undefined : value;
}

function evaluated(node: Expression, frame: readonly Value[]): Outcome {
  try {
    return { value: compileExpression(node)(frame) };
  } catch (error) {
    if (error instanceof MessageRejected) return { rejected: error };
    // A program with other errors may hold what cannot be evaluated.
    return 'unknown';
  }
}

/**
 * What a condition is in every message though it reads fields: it compares one with itself, or with a null that it never is, or one
 * side decides it.
 */
function truthOf(node: Expression, known: (node: Expression) => Value | undefined): boolean | undefined {
  if (node.kind === 'not') {
    const operand = known(node.operand);
    return typeof operand === 'boolean' ? !operand : undefined;
  }
  if (node.kind === 'and' || node.kind === 'or') {
    const decides = node.kind === 'or';
    const [left, right] = [known(node.left), known(node.right)];
    if (left === decides || right === decides) return decides;
    return typeof left === 'boolean' && typeof right === 'boolean' ? right : undefined;
  }
  if (node.kind !== 'compare') return undefined;
  const [left, right] = [unconverted(node.left), unconverted(node.right)];
  const path = pathKey(left);
  if (path !== undefined && path === pathKey(right)) return ['==', '<=', '>='].includes(node.operator);
  const other = isNull(right) ? left : isNull(left) ? right : undefined;
  // Whether a part fails is another question, so only a field is surely there.
  if (other === undefined || other.typed.nullable || pathKey(other) === undefined) return undefined;
  return node.operator === '!=';
}

function isNull(side: Expression): boolean {
  return side.kind === 'literal' && side.value === null;
}

function unconverted(value: Expression): Expression {
  return value.kind === 'convert' ? unconverted(value.operand) : value;
}
