import type { Expression } from '../../model/expression.ts';
import type { RecordModel, SourceModel } from '../../model/program.ts';
import type { RecordType } from '../../model/type.ts';
import type { Value } from '../../types/value.ts';
import { pointerTo } from '../decode/refused.ts';
import type { PruneParent, Row } from '../plan.ts';
import { compileExpression } from './expression.ts';
import { MessageRejected, type Run } from './frame.ts';
import { compileOwn, compileSome, type OpenFrame, type Place } from './own-fields.ts';

/** The rows that one message has of one record. */
export interface RecordRows {
  readonly rows: Row[];
  /** For each row, the JSON pointer of the part of the body from which it comes. */
  readonly pointers: string[];
}

/** The rows of all records of one message so far, sources first. */
export type MessageRows = Map<RecordModel, RecordRows>;

export interface Derivation {
  readonly record: RecordModel;
  /** Computes the rows from those of the sources. Throws `MessageRejected` with the pointer of the row at fault. */
  readonly rowsOf: (message: MessageRows) => RecordRows;
  /** For a store with `prune by`: whose rows the message lists. */
  readonly parentsOf?: (message: MessageRows) => readonly PruneParent[];
}

export function compileDerivation(record: RecordModel, place: Place): Derivation {
  const sources = record.sources.map(compileSource);
  const where = record.where === undefined ? undefined : compileExpression(record.where);
  const own = compileOwn(record, place);
  const width = record.fields.length;
  const count = sources.length;
  const rowsOf = (message: MessageRows): RecordRows => {
    const found: RecordRows = { rows: [], pointers: [] };
    const frame: OpenFrame = new Array<Value>(count + 1).fill(null);
    const pointers = new Array<string>(count).fill('');
    visit(sources, 0, { message, frame, pointers }, () => {
      if (where !== undefined && where(frame as Value[]) !== true) return;
      const row: Value[] = new Array<Value>(width).fill(null);
      frame[count] = row;
      const pointer = deepest(pointers);
      if (own !== undefined) at(pointer, () => own(frame));
      found.rows.push(row);
      found.pointers.push(pointer);
    });
    return found;
  };
  const parentsOf = compileParents(record, sources, place);
  return { record, rowsOf, ...(parentsOf === undefined ? {} : { parentsOf }) };
}

function at(pointer: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof MessageRejected && error.pointer === '') error.pointer = pointer;
    throw error;
  }
}

/** The longest pointer is that of the innermost source. */
function deepest(pointers: readonly string[]): string {
  let longest = '';
  for (const pointer of pointers) if (pointer.length > longest.length) longest = pointer;
  return longest;
}

interface Source {
  readonly optional: boolean;
  readonly each: boolean;
  readonly record?: RecordModel;
  readonly list?: {
    readonly run: Run;
    readonly pointer: string;
    readonly parent: number;
    readonly single: boolean;
  };
}

function compileSource(source: SourceModel): Source {
  const base = { optional: source.mode === 'optional', each: source.mode === 'each' };
  switch (source.from.kind) {
    case 'record':
      return { ...base, record: source.from.record };
    case 'list': {
      const { list, parent } = source.from;
      const single = !source.repeated;
      return { ...base, list: { run: compileExpression(list), pointer: pathOf(list), parent, single } };
    }
    case 'unknown':
      throw new Error('an accepted program has no unknown source');
  }
}

/** The JSON pointer of a list from the row that holds it; empty where the list does not come from JSON. */
function pathOf(list: Expression): string {
  if (list.kind !== 'field') return '';
  const owner = list.target.typed.type;
  if (owner.kind !== 'record') return '';
  const field = (owner.of as RecordType & Pick<RecordModel, 'fields'>).fields[list.index];
  const path = field?.origin.kind === 'json' ? field.origin.path.map(pointerTo).join('') : '';
  return pathOf(list.target) + path;
}

interface Visit {
  readonly message: MessageRows;
  readonly frame: OpenFrame;
  readonly pointers: string[];
}

/** Calls `emit` for each combination of rows of the sources, with the frame filled in. */
function visit(sources: readonly Source[], slot: number, state: Visit, emit: () => void): void {
  const source = sources[slot];
  if (source === undefined) return emit();
  const next = (value: Value, pointer: string): void => {
    state.frame[slot] = value;
    state.pointers[slot] = pointer;
    visit(sources, slot + 1, state, emit);
  };
  if (source.list !== undefined) {
    const { run, pointer, parent, single } = source.list;
    const value = run(state.frame as Value[]);
    const base = (state.pointers[parent] ?? '') + pointer;
    if (value === null) {
      if (source.optional) next(null, base);
    } else if (single) next(value, base);
    else {
      const elements = value as readonly Value[];
      for (let index = 0; index < elements.length; index += 1)
        next(elements[index] ?? null, `${base}/${index}`);
    }
    return;
  }
  const rows = source.record === undefined ? undefined : state.message.get(source.record);
  if (rows === undefined || rows.rows.length === 0) {
    if (source.optional) next(null, '');
    return;
  }
  for (let index = 0; index < rows.rows.length; index += 1)
    next(rows.rows[index] ?? null, rows.pointers[index] ?? '');
}

/** The single sources alone say whose rows a message lists, also when a list is empty. */
function compileParents(
  record: RecordModel,
  sources: readonly Source[],
  place: Place,
): ((message: MessageRows) => readonly PruneParent[]) | undefined {
  const store = record.store;
  if (store?.prune === undefined) return undefined;
  const fieldsOf = (columns: readonly { readonly name: string }[]): number[] =>
    columns.map((column) => record.fields.findIndex((field) => field.name === column.name));
  const key = fieldsOf(store.prune.columns);
  const action = store.upsert?.action;
  const [version] = action?.kind === 'newest' ? fieldsOf([action.by]) : [];
  const wanted = [...key, ...(version === undefined ? [] : [version])].flatMap(
    (index) => record.fields[index] ?? [],
  );
  const compute = compileSome(record, wanted, place);
  const singles = sources.map((source): Source => (source.each ? { optional: true, each: false } : source));
  return (message) => {
    const parents: PruneParent[] = [];
    const frame: OpenFrame = new Array<Value>(sources.length + 1).fill(null);
    const pointers = new Array<string>(sources.length).fill('');
    visit(singles, 0, { message, frame, pointers }, () => {
      const row = compute(frame);
      const values = key.map((index) => row[index] ?? null);
      parents.push(version === undefined ? { key: values } : { key: values, version: row[version] ?? null });
    });
    return parents;
  };
}
