import { finding, type Report } from '../diagnostics/diagnostic.ts';
import type { CheckTree, DeriveTree, EntityTree, FieldTree, ShapeTree, SpreadTree } from '../syntax/tree.ts';
import type { Span } from '../text/source.ts';
import { assign } from './assign.ts';
import { checkAttributes, checkBody, isPii, isStrict, readOrigin } from './attributes.ts';
import { checkMessage } from './check-message.ts';
import { MISPLACED_DECLARATION, UNKNOWN_NAME } from './codes.ts';
import { reportDuplicate, type Declarations } from './declarations.ts';
import { unknown, walk, type Expression } from './expression.ts';
import { infer } from './infer.ts';
import { resolveLookup } from './lookups.ts';
import type { ReadFile } from './read-file.ts';
import { condition } from './infer-operators.ts';
import type {
  CheckModel,
  FieldModel,
  FunctionModel,
  LookupModel,
  RecordModel,
  SourceModel,
  StoreModel,
} from './program.ts';
import { resolveType, type TypeNames } from './resolve-type.ts';
import { narrowed, provenNonNull, type NamedValues, type Scope } from './scope.ts';
import { resolveSources } from './sources.ts';
import { suggestion } from './suggestion.ts';
import { SELF_REFERENCE } from './type-codes.ts';
import { UNKNOWN, type Typed } from './type.ts';
import { userFunctions } from './user-functions.ts';

/** A record while it is made: the same object that the finished program holds, so that types may refer to it early. */
type Draft = { -readonly [K in keyof RecordModel]: RecordModel[K] } & {
  fields: FieldModel[];
  store?: StoreModel;
};

export interface Records {
  readonly all: ReadonlyMap<string, RecordModel>;
  readonly cycles: readonly (readonly RecordModel[])[];
  /** Derived entities, sources before what is derived from them. */
  readonly derivations: readonly RecordModel[];
  readonly functions: readonly FunctionModel[];
  readonly lookups: readonly LookupModel[];
  readonly values: NamedValues;
}

/** Resolves every shape, entity and derived entity, each after what it is made of. */
export function resolveRecords(
  declarations: Declarations,
  readFile: ReadFile | undefined,
  report: Report,
): Records {
  const drafts = new Map<string, Draft>();
  for (const [name, tree] of declarations.records) drafts.set(name, draft(name, tree));
  const kinds = (kind: string): [string, Draft][] =>
    [...drafts].filter(([, each]) => each.tree.kind === kind);
  const names: TypeNames = {
    enums: declarations.enums,
    shapes: new Map(kinds('shape')),
    rows: [...drafts.keys()].filter((name) => drafts.get(name)?.tree.kind !== 'shape'),
  };
  const lookups = new Map(
    [...declarations.lookups].map(([name, tree]) => [name, resolveLookup(tree, names, readFile, report)]),
  );
  const functions = userFunctions(
    declarations.functions,
    names,
    { enums: declarations.enums, lookups },
    report,
  );
  const values: NamedValues = { enums: declarations.enums, functions, lookups };
  const state = new Map<Draft, 'open' | 'done'>();
  const path: Draft[] = [];
  const cycles: RecordModel[][] = [];
  const derivations: RecordModel[] = [];
  const resolve = (record: Draft): RecordModel | undefined => {
    if (state.get(record) === 'done') return record;
    if (state.get(record) === 'open') {
      cycles.push(path.slice(path.indexOf(record)));
      return undefined;
    }
    state.set(record, 'open');
    path.push(record);
    resolveRecord(record, {
      names,
      values,
      drafts,
      report: record.broken ? () => {} : report,
      find: (name) => {
        const found = drafts.get(name);
        return found === undefined ? undefined : { record: found, resolved: resolve(found) !== undefined };
      },
    });
    path.pop();
    state.set(record, 'done');
    if (record.tree.kind === 'derive') derivations.push(record);
    return record;
  };
  for (const kind of ['shape', 'entity', 'derive']) for (const [, each] of kinds(kind)) resolve(each);
  return {
    all: drafts,
    cycles,
    derivations,
    values,
    lookups: [...lookups.values()],
    functions: functions.names.flatMap((name) => {
      const model = functions.find(name);
      return model === undefined || model === 'open' ? [] : [model];
    }),
  };
}

function draft(name: string, tree: ShapeTree | EntityTree | DeriveTree): Draft {
  const made: Draft = {
    name,
    tree,
    broken: tree.broken,
    strict: false,
    sources: [],
    rows: 'one',
    roots: [],
    fields: [],
    checks: [],
  };
  if (tree.doc !== undefined) made.doc = tree.doc;
  if (tree.kind === 'entity') made.roots = [made];
  return made;
}

export interface Context {
  readonly names: TypeNames;
  readonly values: NamedValues;
  readonly drafts: ReadonlyMap<string, Draft>;
  readonly report: Report;
  /** A record by name, resolved first; `resolved` is false inside a cycle. */
  readonly find: (name: string) => { readonly record: RecordModel; readonly resolved: boolean } | undefined;
}

/** A field before its type is known. */
interface Slot {
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

function resolveRecord(record: Draft, context: Context): void {
  const { tree } = record;
  const { report } = context;
  if (tree.kind === 'entity') record.strict = isStrict(tree.attributes, report);
  if (tree.kind === 'derive') {
    const resolved = resolveSources(tree, record.name, context);
    Object.assign(record, resolved);
  }
  const aliases = record.sources.map((source) => ({ name: source.alias, row: source.row }));
  const outer: Scope = {
    report,
    aliases,
    ...context.values,
    nonNull: new Set(),
    skippable: tree.kind === 'derive',
  };
  let facts: readonly string[] = [];
  if (tree.kind === 'derive' && tree.where !== undefined) {
    const later = { record: record.name, fields: tree.members.filter((member) => member.kind === 'field') };
    record.where = condition(tree.where, '`where`', { ...outer, later }, infer);
    facts = provenNonNull(record.where, true);
  }
  const slots = expand(record, record.sources, context, narrowed(outer, facts));
  const resolving = new Set<number>();
  const fields: (FieldModel | undefined)[] = [];
  const scope: Scope = {
    ...narrowed(outer, facts),
    own: {
      record,
      slot: aliases.length,
      names: slots.map((slot) => slot.name),
      resolve: (index) => field(index),
    },
  };
  const field = (index: number): FieldModel | undefined => {
    const known = fields[index];
    const slot = slots[index];
    if (known !== undefined || slot === undefined) return known;
    if (resolving.has(index)) {
      const circle = [...resolving].slice([...resolving].indexOf(index));
      const names = [...circle, index].map((each) => slots[each]?.name ?? '');
      report(
        finding(SELF_REFERENCE, slot.span, `\`${slot.name}\` is computed from itself: ${names.join(' → ')}`, {
          help: 'compute one of them from the message alone',
        }),
      );
      return undefined;
    }
    resolving.add(index);
    const made = fieldModel(slot, record, scope);
    resolving.delete(index);
    fields[index] = made;
    return made;
  };
  slots.forEach((_, index) => {
    const made = field(index);
    if (made !== undefined) record.fields.push(made);
  });
  if (tree.kind === 'entity') checkBody(record.fields, report);
  if (record.rows === 'one' && record.fields.some(maySkip)) record.rows = 'maybe';
  record.checks = checksOf(record, context, []).map((check): CheckModel => ({
    condition: condition(check.condition, '`check`', scope, infer),
    message: checkMessage(check, report),
    span: check.span,
  }));
}

/** The checks of a record: its own, and those of the shapes whose fields it spreads. */
function checksOf(record: Draft, context: Context, path: readonly Draft[]): readonly CheckTree[] {
  return record.tree.members.flatMap((member): readonly CheckTree[] => {
    if (member.kind === 'check') return [member];
    const name = member.kind === 'spread' ? member.name.text : undefined;
    if (name === undefined || record.sources.some((source) => source.alias === name)) return [];
    const shape = context.drafts.get(name);
    if (shape?.tree.kind !== 'shape' || path.includes(shape)) return [];
    return checksOf(shape, context, [...path, shape]);
  });
}

function maySkip({ origin }: FieldModel): boolean {
  let skips = false;
  if (origin.kind === 'computed') walk(origin.value, (node) => void (skips ||= node.kind === 'skip'));
  return skips;
}

/** The fields that the members declare, in order; an explicit field takes the place of one that a spread brought. */
function expand(record: Draft, sources: readonly SourceModel[], context: Context, scope: Scope): Slot[] {
  const slots: Slot[] = [];
  const twice: { readonly slot: Slot; readonly before: Slot }[] = [];
  const put = (slot: Slot): void => {
    const at = slots.findIndex((each) => each.name === slot.name);
    const before = slots[at];
    if (before === undefined) slots.push(slot);
    else if (before.spread && slot.spread) twice.push({ slot, before });
    else if (before.spread) slots[at] = merge(before, slot);
    else if (slot.spread) slots[at] = merge(slot, before);
    else if (slot.tree !== undefined && before.tree !== undefined)
      reportDuplicate(slot.tree.name, before.tree.name, context.report);
  };
  for (const member of record.tree.members) {
    if (member.kind === 'spread')
      for (const slot of spread(member, record, sources, context, scope)) put(slot);
    if (member.kind === 'field') put(explicit(member, context));
  }
  for (const { slot, before } of twice)
    if (slots.includes(before)) reportSpreadTwice(slot, before, context.report);
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

function reportSpreadTwice(slot: Slot, before: Slot, report: Report): void {
  report(
    finding(MISPLACED_DECLARATION, slot.span, `\`${slot.name}\` comes from two spreads`, {
      related: [{ span: before.span, text: 'the first' }],
      help: `declare \`${slot.name}\` itself to say which value it has`,
    }),
  );
}

function explicit(tree: FieldTree, context: Context): Slot {
  checkAttributes(tree, context.report);
  const declared =
    tree.type === undefined ? undefined : resolveType(tree.type, context.names, context.report);
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
  record: Draft,
  sources: readonly SourceModel[],
  context: Context,
  scope: Scope,
): Slot[] {
  const name = tree.name.text;
  const slot = sources.findIndex((source) => source.alias === name);
  const source = sources[slot];
  if (source !== undefined) return spreadAlias(tree, source, slot, context, scope);
  const shape = context.drafts.get(name);
  if (shape?.tree.kind === 'shape') return spreadShape(shape, record, tree, context, []);
  const known = [...sources.map((each) => each.alias), ...context.names.shapes.keys()];
  const what =
    shape === undefined ? `there is no \`${name}\` to spread here` : `\`${name}\` is no shape and no alias`;
  context.report(finding(UNKNOWN_NAME, tree.name.span, what, { help: suggestion(name, known) }));
  return [];
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
        help: `it is a single value: give it a field, \`value = ${source.alias}\``,
      }),
    );
    return [];
  }
  return row.of.fields.flatMap((field, index): Slot[] => {
    const inner = field.type.type.kind === 'list' ? field.type.type.element.kind : field.type.type.kind;
    if (inner === 'record') return [];
    const typed = { ...field.type, nullable: field.type.nullable || source.row.nullable };
    const target: Expression = { kind: 'slot', slot, name: source.alias, span: tree.span, typed: source.row };
    const copied: Expression = { kind: 'field', target, name: field.name, index, span: tree.span, typed };
    const model = fieldsOf(row.of, context).find((each) => each.name === field.name);
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
  return context.drafts.get(row.name)?.fields ?? [];
}

/** The fields of a shape as if they were written here; shapes may spread shapes. */
function spreadShape(
  shape: Draft,
  record: Draft,
  tree: SpreadTree,
  context: Context,
  path: readonly Draft[],
): Slot[] {
  if (path.includes(shape) || shape === record) {
    if (path.length === 0 || path[0] === shape)
      context.report(
        finding(MISPLACED_DECLARATION, tree.span, `the shape ${shape.name} contains itself`, {
          help: 'a shape may hold a list of itself, but not spread itself',
        }),
      );
    return [];
  }
  const quiet: Context = { ...context, report: () => {} };
  return shape.tree.members.flatMap((member): Slot[] => {
    if (member.kind === 'field') return [{ ...explicit(member, quiet), span: tree.span, spread: true }];
    if (member.kind !== 'spread') return [];
    const inner = context.drafts.get(member.name.text);
    if (inner?.tree.kind !== 'shape') return [];
    return spreadShape(inner, record, tree, context, [...path, shape]);
  });
}

function fieldModel(slot: Slot, record: Draft, scope: Scope): FieldModel {
  const base = {
    name: slot.name,
    span: slot.span,
    pii: slot.pii,
    ...(slot.doc === undefined ? {} : { doc: slot.doc }),
    ...(slot.tree === undefined ? {} : { tree: slot.tree }),
  };
  if (slot.copied !== undefined) {
    const type = slot.copied.typed;
    return { ...base, type, origin: { kind: 'computed', value: slot.copied } };
  }
  const tree = slot.tree;
  if (tree?.value !== undefined) {
    const value = infer(tree.value, scope);
    if (slot.declared === undefined) return computedUntyped(base, value, tree, scope);
    const wanted = {
      typed: slot.declared,
      span: tree.type?.span ?? tree.name.span,
      what: `the field ${slot.name}`,
    };
    return {
      ...base,
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
          help: `say what it is: \`${slot.name} = …\``,
        },
      ),
    );
    return { ...base, type, origin: { kind: 'computed', value: unknown(slot.span) } };
  }
  return { ...base, type, origin: tree === undefined ? { kind: 'missing' } : readOrigin(tree, type, scope) };
}

function computedUntyped(
  base: Omit<FieldModel, 'type' | 'origin'>,
  value: Expression,
  tree: FieldTree,
  scope: Scope,
): FieldModel {
  if (value.typed.type.kind === 'null') {
    scope.report(
      finding(
        MISPLACED_DECLARATION,
        tree.name.span,
        `\`${base.name}\` ${value.typed.nullable ? 'is always null' : 'never has a value'}, so its type must be written`,
        {
          help: `as in \`${base.name}: text? = null\``,
        },
      ),
    );
    return { ...base, type: UNKNOWN, origin: { kind: 'computed', value } };
  }
  return { ...base, type: value.typed, origin: { kind: 'computed', value } };
}
