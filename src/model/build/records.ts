import type { Report } from '../../diagnostics/diagnostic.ts';
import type { Declarations } from '../collect/declarations.ts';
import type { NamedValues } from '../infer/scope.ts';
import type { FunctionModel, RecordModel } from '../program.ts';
import type { Names } from '../resolve/names.ts';
import type { TypeNames } from '../resolve/resolve-type.ts';
import { checkBody } from './attributes.ts';
import { dependenciesFirst } from '../dependencies-first.ts';
import type { Context } from './context.ts';
import { everythingIn, recordModel } from './record.ts';
import { tooDeepSpreads } from './spread-depth.ts';
import { shapeFields } from './shape-fields.ts';
import { userFunctions } from './user-functions.ts';

export interface Records {
  readonly all: ReadonlyMap<string, RecordModel>;
  readonly cycles: readonly (readonly RecordModel[])[];
  /** Derived entities, sources before what is derived from them. */
  readonly derivations: readonly RecordModel[];
  readonly functions: readonly FunctionModel[];
  readonly values: NamedValues;
}

/**
 * Infers every shape, entity and derived entity, each after what it is made of. Guarantees that every field has a type and
 * an origin, and that nothing in a record is left to be inferred.
 */
export function buildRecords(declarations: Declarations, names: Names, outer: Report): Records {
  const { enums, lookups } = names;
  const all = new Map<string, RecordModel>();
  const shapes = new Map<string, RecordModel>();
  const trees = [...declarations.records];
  const types: TypeNames = {
    enums,
    shapes,
    rows: trees.flatMap(([name, tree]) => (tree.kind === 'shape' ? [] : [name])),
  };
  const functions = userFunctions(declarations.functions, types, { enums, lookups }, outer);
  const values: NamedValues = { enums, functions, lookups };
  const state = new Map<RecordModel, 'open' | 'done'>();
  const cycles: (readonly RecordModel[])[] = [];
  const derivations: RecordModel[] = [];
  const finish = (record: RecordModel, report: Report): void => {
    state.set(record, 'open');
    everythingIn(record);
    if (record.tree.kind === 'entity') checkBody(record.fields, report);
    state.set(record, 'done');
    if (record.tree.kind === 'derive') derivations.push(record);
  };
  const quiet: Report = () => {};
  const reportFor = ({ broken }: Pick<RecordModel, 'broken'>): Report => (broken ? quiet : outer);
  const cut = tooDeepSpreads(declarations.records, outer);
  const loud: Context = {
    report: outer,
    types,
    values,
    secrets: names.secrets,
    records: all,
    cut,
    shapeFields: shapeFields(declarations.records, cut),
    stores: new Map(names.stores.flatMap((store) => store.writers.map((writer) => [writer, store]))),
    find: (name) => {
      const record = all.get(name);
      return record === undefined ? undefined : { record, resolved: state.get(record) === 'done' };
    },
  };
  const silent: Context = { ...loud, report: quiet };
  for (const [name, tree] of trees) {
    const record = recordModel(tree, tree.broken ? silent : loud);
    all.set(name, record);
    if (tree.kind === 'shape') shapes.set(name, record);
  }
  const sourcesOf = (name: string): readonly string[] | undefined => {
    const record = all.get(name);
    if (record === undefined || state.has(record)) return undefined;
    const { tree } = record;
    return tree.kind === 'derive' ? tree.sources.flatMap(({ path: { parts } }) => parts[0]?.text ?? []) : [];
  };
  const reportCircle = (circle: readonly string[]): void =>
    void cycles.push(circle.flatMap((name) => all.get(name) ?? []));
  for (const kind of ['shape', 'entity', 'derive'])
    for (const record of all.values()) {
      if (record.tree.kind !== kind || state.has(record)) continue;
      // Sources come first, so that a long chain of derivations does not recurse.
      for (const name of dependenciesFirst(record.name, sourcesOf, reportCircle)) {
        const each = all.get(name);
        if (each !== undefined && !state.has(each)) finish(each, reportFor(each));
      }
    }
  return {
    all,
    cycles,
    derivations,
    values,
    functions: functions.names.flatMap((name) => {
      const model = functions.find(name);
      return model === undefined || model === 'open' ? [] : [model];
    }),
  };
}
