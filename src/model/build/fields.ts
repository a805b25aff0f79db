import { finding } from '../../diagnostics/diagnostic.ts';
import { spanText, type Span } from '../../text/source.ts';
import type { FieldTree } from '../../syntax/tree.ts';
import { MISPLACED_DECLARATION } from '../codes/codes.ts';
import { SELF_REFERENCE } from '../codes/type-codes.ts';
import { unknown, walk, type Expression } from '../expression.ts';
import { assign } from '../infer/assign.ts';
import { infer } from '../infer/infer.ts';
import { dependenciesFirst } from '../dependencies-first.ts';
import { fieldNumber } from './field-number.ts';
import type { Scope } from '../infer/scope.ts';
import { shownCircle } from '../shown-circle.ts';
import type { FieldModel, RecordModel } from '../program.ts';
import { UNKNOWN } from '../type.ts';
import { readOrigin } from './attributes.ts';
import { namesIn } from './names-in.ts';
import { quotientField } from './quotient-field.ts';
import { once } from './once.ts';
import type { Slot } from './spreads.ts';

/** What is found out about a field: its type and where its value comes from. */
type Found = Pick<FieldModel, 'type' | 'origin'>;

/**
 * The fields of a record, and the scope of what may name them. A field is inferred when another one first reads it, so
 * that they may refer to each other in any order; one that is computed from itself is reported.
 */
export function fieldsOf(
  record: RecordModel,
  slots: readonly Slot[],
  outer: Scope,
): { readonly fields: readonly FieldModel[]; readonly scope: Scope } {
  const made: (FieldModel | undefined)[] = [];
  /** Those that are being inferred, each in need of the next; few, as `DEEP` bounds them. */
  const open: number[] = [];
  const places = once(() => new Map(slots.map(({ name }, index) => [name, index])));
  const scope: Scope = {
    ...outer,
    own: {
      record,
      slot: outer.aliases.length,
      names: slots.map((slot) => slot.name),
      indexOf: (name) => places().get(name) ?? -1,
      resolve: (index) => find(index),
    },
  };
  /** The fields that the value of one names, if they are not known yet. */
  const needs = (index: number): readonly number[] | undefined => {
    const value = slots[index]?.tree?.value;
    if (value === undefined || made[index] !== undefined || open.includes(index)) return undefined;
    return namesIn(value).flatMap((name) => places().get(name) ?? []);
  };
  const find = (index: number): FieldModel | undefined => {
    const slot = slots[index];
    if (made[index] !== undefined || slot === undefined) return made[index];
    if (open.includes(index)) {
      reportCircle(slots, open.slice(open.indexOf(index)), outer);
      return undefined;
    }
    if (open.length >= DEEP)
      for (const each of dependenciesFirst(index, needs))
        if (each !== index && !open.includes(each)) find(each);
    open.push(index);
    const field = { ...declaredPart(slot), ...inferField(slot, record, scope) };
    open.pop();
    made[index] = field;
    return field;
  };
  // Who computes a field of a shape may ask for the shape's fields: it may hold a list of itself.
  const fields = slots.flatMap((slot, index) =>
    record.tree.kind === 'shape' && slot.tree?.value !== undefined
      ? [laterField(slot, () => find(index))]
      : (find(index) ?? []),
  );
  return { fields, scope };
}

/** Fields that need each other through more levels than this are found in order, so that none of them recurses. */
const DEEP = 100;

function declaredPart(slot: Slot): Omit<FieldModel, 'type' | 'origin'> {
  return {
    name: slot.name,
    span: slot.span,
    pii: slot.pii,
    ...(slot.doc === undefined ? {} : { doc: slot.doc }),
    ...(slot.tree === undefined ? {} : { tree: slot.tree }),
  };
}

/** A field whose type and value are found when they are first read. */
function laterField(slot: Slot, find: () => Found | undefined): FieldModel {
  return {
    ...declaredPart(slot),
    get type() {
      return slot.declared ?? find()?.type ?? UNKNOWN;
    },
    get origin() {
      return find()?.origin ?? { kind: 'missing' };
    },
  };
}

function reportCircle(slots: readonly Slot[], circle: readonly number[], { report, aliases }: Scope): void {
  const [first] = circle.flatMap((index) => slots[index] ?? []);
  if (first === undefined) return;
  // In a derivation a bare name is the row's own field; mostly the field of a source is meant.
  const source = aliases.find(
    ({ row: { type } }) => type.kind === 'record' && type.of.fields.some(({ name }) => name === first.name),
  );
  const value = first.tree?.value;
  const named = circle.length === 1 && value !== undefined ? nameIn(value.span, first.name) : undefined;
  if (source !== undefined && named !== undefined) {
    const { type } = source.row;
    const owner = type.kind === 'record' ? type.of.name : source.name;
    report(
      finding(
        SELF_REFERENCE,
        named,
        `this \`${first.name}\` is the field \`${first.name}\` itself, not that of \`${owner}\``,
        {
          label: 'the field on the left',
          help: `write \`${source.name}.${first.name}\`, the field of the source`,
        },
      ),
    );
    return;
  }
  const names = [...circle.map((index) => slots[index]?.name ?? ''), first.name];
  report(
    finding(SELF_REFERENCE, first.span, `\`${first.name}\` is computed from itself: ${shownCircle(names)}`, {
      help:
        source === undefined
          ? 'compute one of them only from fields of the message'
          : `write \`${source.name}.${first.name}\`, the field of the source`,
    }),
  );
}

/** Where a name stands by itself in a text, not behind a `.`. */
function nameIn(span: Span, name: string): Span | undefined {
  const at = spanText(span).search(new RegExp(`(?<![\\w.])${name}(?!\\w)`));
  return at < 0 ? undefined : { ...span, start: span.start + at, end: span.start + at + name.length };
}

/** Whether the value of a field may drop its row. */
export function maySkip({ origin }: FieldModel): boolean {
  let skips = false;
  if (origin.kind === 'computed') walk(origin.value, (node) => void (skips ||= node.kind === 'skip'));
  return skips;
}

function inferField(slot: Slot, record: RecordModel, scope: Scope): Found {
  if (slot.copied !== undefined)
    return { type: slot.copied.typed, origin: { kind: 'computed', value: slot.copied } };
  const tree = slot.tree;
  if (tree?.value !== undefined) {
    const quotient = slot.declared === undefined ? undefined : quotientField(tree, slot.declared, scope);
    if (slot.declared !== undefined && quotient !== undefined) {
      scope.report(quotient);
      return { type: slot.declared, origin: { kind: 'computed', value: unknown(slot.span) } };
    }
    const value = infer(tree.value, scope);
    const numbered = record.tree.kind === 'derive' ? undefined : fieldNumber(tree, value, slot.declared);
    if (slot.declared !== undefined && numbered !== undefined) {
      scope.report(numbered);
      return { type: slot.declared, origin: { kind: 'computed', value: unknown(slot.span) } };
    }
    if (slot.declared === undefined) return computedUntyped(slot.name, value, tree, scope);
    const wanted = {
      typed: slot.declared,
      span: tree.type?.span ?? tree.name.span,
      what: `the field ${slot.name}`,
    };
    return {
      type: slot.declared,
      origin: { kind: 'computed', value: assign(value, wanted, scope) },
    };
  }
  const type = slot.declared ?? UNKNOWN;
  if (record.tree.kind === 'derive') {
    scope.report(
      finding(
        MISPLACED_DECLARATION,
        slot.span,
        `\`${slot.name}\` of the derived entity ${record.name} has no value`,
        {
          label: 'no expression',
          help: `add an expression: \`${slot.name} = …\``,
        },
      ),
    );
    return { type, origin: { kind: 'computed', value: unknown(slot.span) } };
  }
  return { type, origin: tree === undefined ? { kind: 'missing' } : readOrigin(tree, type, scope) };
}

function computedUntyped(name: string, value: Expression, tree: FieldTree, scope: Scope): Found {
  if (value.typed.type.kind === 'null') {
    scope.report(
      finding(
        MISPLACED_DECLARATION,
        tree.name.span,
        `\`${name}\` ${value.typed.nullable ? 'is always null' : 'never has a value'}, so it needs a type`,
        {
          help: `for example \`${name}: text? = null\``,
        },
      ),
    );
    return { type: UNKNOWN, origin: { kind: 'computed', value } };
  }
  return { type: value.typed, origin: { kind: 'computed', value } };
}
