import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { CheckTree, FieldTree, SpreadTree } from '../../syntax/tree.ts';
import { spanText, type Span } from '../../text/source.ts';
import { checkAttributes, isPii } from './attributes.ts';
import { MISPLACED_DECLARATION, UNKNOWN_NAME } from '../codes/codes.ts';
import { reportDuplicate } from '../collect/declarations.ts';
import type { Expression } from '../expression.ts';
import type { FieldModel, RecordModel, SourceModel } from '../program.ts';
import { resolveType } from '../resolve/resolve-type.ts';
import type { Scope } from '../infer/scope.ts';
import type { Context } from './context.ts';
import { shownCircle } from '../shown-circle.ts';
import { suggestion } from '../suggestion.ts';
import type { Typed } from '../type.ts';

/*
 * What the members of a record declare once its spreads are written out: fields without types yet, and checks.
 */

/** A field before its type is known. */
export interface Slot {
  readonly name: string;
  readonly span: Span;
  readonly doc?: string;
  readonly tree?: FieldTree;
  readonly declared?: Typed;
  readonly pii: boolean;
  /** For a field that a spread alias brings: its value. */
  readonly copied?: Expression;
  readonly spread: boolean;
}

/** The fields that the members declare, in order; an explicit field takes the place of one that a spread brought. */
export function expandMembers(
  record: RecordModel,
  sources: readonly SourceModel[],
  context: Context,
  scope: Scope,
): Slot[] {
  const slots: Slot[] = [];
  const twice: { readonly slot: Slot; readonly before: Slot }[] = [];
  const places = new Map<string, number>();
  const put = (slot: Slot): void => {
    const at = places.get(slot.name) ?? -1;
    const before = slots[at];
    if (before === undefined) places.set(slot.name, slots.push(slot) - 1);
    else if (before.spread && slot.spread) twice.push({ slot, before });
    else if (before.spread) slots[at] = merge(before, slot);
    else if (slot.spread) slots[at] = merge(slot, before);
    else if (slot.tree !== undefined && before.tree !== undefined)
      reportDuplicate(slot.tree.name, before.tree.name, context.report);
  };
  for (const member of record.tree.members) {
    if (member.kind === 'spread')
      for (const slot of spread(member, record, sources, context, scope)) put(slot);
    if (member.kind === 'field') put(explicit(member, record, context));
  }
  // What the record declares itself has taken the place of both.
  const left = twice.filter(({ before }) => slots[places.get(before.name) ?? -1] === before);
  for (const pairs of Map.groupBy(
    left,
    ({ slot, before }) => `${before.span.start} ${slot.span.start}`,
  ).values())
    reportSpreadTwice(record, pairs, context.report);
  return slots;
}

function merge(before: Slot, slot: Slot): Slot {
  const declared = slot.declared ?? (before.copied === undefined ? before.declared : undefined);
  const doc = slot.doc ?? before.doc;
  return {
    ...slot,
    ...(declared === undefined ? {} : { declared }),
    ...(doc === undefined ? {} : { doc }),
    pii: slot.pii || before.pii,
  };
}

/** Two spreads are one mistake, however many fields both bring. */
function reportSpreadTwice(
  record: RecordModel,
  pairs: readonly { readonly slot: Slot; readonly before: Slot }[],
  report: Report,
): void {
  const [pair] = pairs;
  if (pair === undefined) return;
  const [first, second] = [spanText(pair.before.span), spanText(pair.slot.span)];
  const related = [{ span: pair.before.span, text: first === second ? 'the first' : 'brings it first' }];
  if (first === second)
    return report(
      finding(MISPLACED_DECLARATION, pair.slot.span, `${record.name} has \`${second}\` twice`, {
        label: 'the second',
        related,
        help: 'leave one of the two out',
      }),
    );
  const names = pairs.map(({ slot }) => `\`${slot.name}\``);
  const all = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} other fields`] : names;
  const listed = [all.slice(0, -1).join(', '), ...all.slice(-1)].filter((each) => each !== '').join(' and ');
  const one = names.length === 1;
  report(
    finding(MISPLACED_DECLARATION, pair.slot.span, `${listed} ${one ? 'comes' : 'come'} from two spreads`, {
      label: one ? 'brings it again' : 'brings them again',
      related: one ? related : [{ span: pair.before.span, text: 'brings them first' }],
      help: one
        ? `declare ${listed} in ${record.name} itself, with a type or a value`
        : `declare each of them in ${record.name} itself, with a type or a value`,
    }),
  );
}

function explicit(tree: FieldTree, record: RecordModel, context: Context): Slot {
  checkAttributes(tree, record.tree, context.report);
  const declared =
    tree.type === undefined ? undefined : resolveType(tree.type, context.types, context.report);
  return {
    name: tree.name.text,
    span: tree.name.span,
    tree,
    pii: isPii(tree.attributes),
    spread: false,
    ...(tree.doc === undefined ? {} : { doc: tree.doc }),
    ...(declared === undefined ? {} : { declared }),
  };
}

function spread(
  tree: SpreadTree,
  record: RecordModel,
  sources: readonly SourceModel[],
  context: Context,
  scope: Scope,
): Slot[] {
  const name = tree.name.text;
  const slot = sources.findIndex((source) => source.alias === name);
  const source = sources[slot];
  if (source !== undefined) return spreadAlias(tree, source, slot, context, scope);
  const shape = context.records.get(name);
  if (shape?.tree.kind === 'shape') return spreadShape(shape, record, tree, context);
  const known = [...sources.map((each) => each.alias), ...context.types.shapes.keys()];
  const what =
    shape === undefined ? `there is no \`${name}\` to spread here` : `\`${name}\` is not a shape or an alias`;
  context.report(
    finding(UNKNOWN_NAME, tree.name.span, what, { label: 'not declared', help: suggestion(name, known) }),
  );
  return [];
}

/** Whether a spread brings nothing that is known, because it names nothing, or a source that is not known itself. */
export function lacksSpread(record: RecordModel, sources: readonly SourceModel[], context: Context): boolean {
  return record.tree.members.some((member) => {
    if (member.kind !== 'spread') return false;
    const source = sources.find(({ alias }) => alias === member.name.text);
    if (source === undefined) return context.records.get(member.name.text)?.tree.kind !== 'shape';
    return (
      source.row.type.kind === 'unknown' || (source.from.kind === 'record' && source.from.record.incomplete)
    );
  });
}

/** The fields of a source's row that can be columns; lists and objects stay input. */
function spreadAlias(
  tree: SpreadTree,
  source: SourceModel,
  slot: number,
  context: Context,
  scope: Scope,
): Slot[] {
  const row = source.row.type;
  if (row.kind === 'unknown') return [];
  if (row.kind !== 'record') {
    context.report(
      finding(MISPLACED_DECLARATION, tree.span, `\`${source.alias}\` has no fields to spread`, {
        help: `it is a single value: assign it to a field, \`value = ${source.alias}\``,
      }),
    );
    return [];
  }
  const models = new Map(fieldsOf(row.of, context).map((each) => [each.name, each]));
  const target: Expression = { kind: 'slot', slot, name: source.alias, span: tree.span, typed: source.row };
  return row.of.fields.flatMap((field, index): Slot[] => {
    const inner = field.type.type.kind === 'list' ? field.type.type.element.kind : field.type.type.kind;
    if (inner === 'record') return [];
    const typed = source.row.nullable ? { ...field.type, nullable: true } : field.type;
    const copied: Expression = { kind: 'field', target, name: field.name, index, span: tree.span, typed };
    const model = models.get(field.name);
    const isNonNull = scope.nonNull.has(`#${slot}.${field.name}`);
    return [
      {
        name: field.name,
        span: tree.span,
        pii: model?.pii ?? false,
        spread: true,
        copied: isNonNull ? { ...copied, typed: { ...typed, nullable: false } } : copied,
        ...(model?.doc === undefined ? {} : { doc: model.doc }),
      },
    ];
  });
}

function fieldsOf(row: { readonly name: string }, context: Context): readonly FieldModel[] {
  return context.records.get(row.name)?.fields ?? [];
}

/** The fields of a shape as if they were written here; shapes may spread shapes. */
function spreadShape(shape: RecordModel, record: RecordModel, tree: SpreadTree, context: Context): Slot[] {
  const circle = context.shapeFields.circleFrom(record.name, shape.name);
  if (circle !== undefined)
    context.report(
      finding(
        MISPLACED_DECLARATION,
        tree.span,
        `the shape ${record.name} contains itself${circle.length > 1 ? `: ${shownCircle([...circle, record.name])}` : ''}`,
        {
          help: 'a shape can have a list of itself, but cannot spread itself',
        },
      ),
    );
  if (shape === record) return [];
  const quiet: Context = { ...context, report: () => {} };
  return context.shapeFields
    .of(shape.name)
    .map((field) => ({ ...explicit(field, shape, quiet), span: tree.span, spread: true }));
}

/** The checks of a record: its own, and those of the shapes whose fields it spreads, each once. */
export function checksOf(
  record: RecordModel,
  context: Context,
  before?: Set<RecordModel>,
): readonly CheckTree[] {
  const { members } = record.tree;
  if (!members.some(({ kind }) => kind === 'check' || kind === 'spread')) return [];
  const seen = before ?? new Set();
  seen.add(record);
  return members.flatMap((member): readonly CheckTree[] => {
    if (member.kind === 'check') return [member];
    const name = member.kind === 'spread' && !context.cut.has(record.name) ? member.name.text : undefined;
    if (name === undefined || record.sources.some((source) => source.alias === name)) return [];
    const shape = context.records.get(name);
    if (shape?.tree.kind !== 'shape' || seen.has(shape)) return [];
    return checksOf(shape, context, seen);
  });
}
