import type { Report } from '../../diagnostics/diagnostic.ts';
import type { Declarations } from '../collect/declarations.ts';
import type { NamedValues } from '../infer/scope.ts';
import type { FunctionModel, RecordModel } from '../program.ts';
import type { Names } from '../resolve/names.ts';
import type { TypeNames } from '../resolve/resolve-type.ts';
import { checkBody } from './attributes.ts';
import type { Context } from './context.ts';
import { everythingIn, recordModel } from './record.ts';
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
  const path: RecordModel[] = [];
  const cycles: RecordModel[][] = [];
  const derivations: RecordModel[] = [];
  const finish = (record: RecordModel, report: Report): boolean => {
    if (state.get(record) === 'done') return true;
    if (state.get(record) === 'open') {
      cycles.push(path.slice(path.indexOf(record)));
      return false;
    }
    state.set(record, 'open');
    path.push(record);
    everythingIn(record);
    if (record.tree.kind === 'entity') checkBody(record.fields, report);
    path.pop();
    state.set(record, 'done');
    if (record.tree.kind === 'derive') derivations.push(record);
    return true;
  };
  const reportFor = ({ broken }: Pick<RecordModel, 'broken'>): Report => (broken ? () => {} : outer);
  const shared: Omit<Context, 'report'> = {
    types,
    values,
    secrets: names.secrets,
    records: all,
    stores: new Map(names.stores.flatMap((store) => store.writers.map((writer) => [writer, store]))),
    find: (name) => {
      const record = all.get(name);
      return record === undefined ? undefined : { record, resolved: finish(record, reportFor(record)) };
    },
  };
  for (const [name, tree] of trees) {
    const record = recordModel(tree, { ...shared, report: reportFor(tree) });
    all.set(name, record);
    if (tree.kind === 'shape') shapes.set(name, record);
  }
  for (const kind of ['shape', 'entity', 'derive'])
    for (const record of all.values()) if (record.tree.kind === kind) finish(record, reportFor(record));
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
