import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { DeriveTree, EntityTree, FieldTree, ShapeTree } from '../../syntax/tree.ts';
import { assign } from '../infer/assign.ts';
import { checkBody, isStrict, readOrigin } from './attributes.ts';
import { checkMessage } from './check-message.ts';
import { MISPLACED_DECLARATION } from '../codes/codes.ts';
import type { Declarations } from '../collect/declarations.ts';
import { unknown, walk, type Expression } from '../expression.ts';
import { infer } from '../infer/infer.ts';
import { resolveLookup } from './lookups.ts';
import type { ReadFile } from '../collect/read-file.ts';
import { condition } from '../infer/infer-operators.ts';
import type { CheckModel, FieldModel, FunctionModel, LookupModel, RecordModel } from '../program.ts';
import type { TypeNames } from './resolve-type.ts';
import { narrowed, provenNonNull, type NamedValues, type Scope } from '../infer/scope.ts';
import { resolveSources } from './sources.ts';
import { checksOf, type Context, type Draft, expandMembers, type Slot } from './spreads.ts';
import { SELF_REFERENCE } from '../codes/type-codes.ts';
import { UNKNOWN } from '../type.ts';
import { userFunctions } from './user-functions.ts';

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
  const slots = expandMembers(record, record.sources, context, narrowed(outer, facts));
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
          help: 'compute one of them only from fields of the message',
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

function maySkip({ origin }: FieldModel): boolean {
  let skips = false;
  if (origin.kind === 'computed') walk(origin.value, (node) => void (skips ||= node.kind === 'skip'));
  return skips;
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
          label: 'no expression',
          help: `add an expression: \`${slot.name} = …\``,
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
        `\`${base.name}\` ${value.typed.nullable ? 'is always null' : 'never has a value'}, so it needs a type`,
        {
          help: `for example \`${base.name}: text? = null\``,
        },
      ),
    );
    return { ...base, type: UNKNOWN, origin: { kind: 'computed', value } };
  }
  return { ...base, type: value.typed, origin: { kind: 'computed', value } };
}
