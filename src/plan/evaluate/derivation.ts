import type { RecordModel, StoreModel } from '../../model/program.ts';
import type { Value } from '../../types/value.ts';
import type { PruneParent, Row } from '../plan.ts';
import { compileDeletion } from './deletion.ts';
import { compileExpression } from './expression.ts';
import { isSkip, MessageRejected } from './frame.ts';
import { compileOwn, compileSome, located, type Place } from './own-fields.ts';
import { compileSources, type MessageRows, type RecordRows, type Visit } from './sources.ts';

export interface Derivation {
  readonly record: RecordModel;
  /**
   * Computes the rows from those of the sources. Throws `MessageRejected`; with `traced` it has the pointer of the row
   * at fault, which costs time and is therefore asked for only when a message failed.
   */
  readonly rowsOf: (message: MessageRows, traced: boolean) => RecordRows;
  /** For a store with `prune by`: whose rows the message lists. */
  readonly parentsOf?: (message: MessageRows) => readonly PruneParent[];
}

export function compileDerivation(
  record: RecordModel,
  store: StoreModel | undefined,
  place: Place,
): Derivation {
  const where =
    record.where === undefined
      ? undefined
      : located(compileExpression(record.where), record.name, place(record.where.span));
  const own = compileOwn(record, place);
  const isDeleted = compileDeletion(record, place);
  const template = record.fields.map((): Value => null);
  const count = record.sources.length;
  const emptyFrame = frameOf(record);
  const emit = ({ frame, found, deleted, trace }: Visit): void => {
    const row = template.slice();
    frame[count] = row;
    if (where !== undefined && where(frame) !== true) return;
    if (own !== undefined) own(frame);
    if (isDeleted !== undefined) deleted?.push(isDeleted(frame) === true);
    found.push(row);
    trace?.found.push(deepest(trace.slots));
  };
  const visit = compileSources(record.sources, skipping(emit));
  const rowsOf = (message: MessageRows, traced: boolean): RecordRows => {
    const found: Row[] = [];
    const pointers: string[] = [];
    const deleted: boolean[] | undefined = isDeleted === undefined ? undefined : [];
    const frame = emptyFrame.slice();
    frame[count + 1] = message.meta;
    const trace = traced ? { slots: record.sources.map(() => ''), found: pointers } : undefined;
    visit({ message, frame, found, deleted, trace });
    return { rows: found, pointers, deleted };
  };
  const parentsOf = compileParents(record, store, place);
  return { record, rowsOf, ...(parentsOf === undefined ? {} : { parentsOf }) };
}

/** `skip()` drops the row in which it is called; a rejection learns from which part of the body its row comes. */
function skipping(emit: (visit: Visit) => void): (visit: Visit) => void {
  return (visit) => {
    try {
      emit(visit);
    } catch (error) {
      if (isSkip(error)) return;
      if (error instanceof MessageRejected && visit.trace !== undefined && error.pointer === '')
        error.pointer = deepest(visit.trace.slots);
      throw error;
    }
  };
}

/** The longest pointer is that of the innermost source. */
function deepest(pointers: readonly string[]): string {
  let longest = '';
  for (const pointer of pointers) if (pointer.length > longest.length) longest = pointer;
  return longest;
}

/** A slot for each source, one for the row, one for `meta`. */
function frameOf(record: RecordModel): Value[] {
  return [...record.sources.map(() => null), null, null];
}

/** The single sources alone say whose rows a message lists, also when a list is empty. */
function compileParents(
  record: RecordModel,
  store: StoreModel | undefined,
  place: Place,
): ((message: MessageRows) => readonly PruneParent[]) | undefined {
  if (store?.prune === undefined) return undefined;
  const fieldsOf = (columns: readonly { readonly name: string }[]): number[] =>
    columns.map((column) => record.fields.findIndex((field) => field.name === column.name));
  const key = fieldsOf(store.prune.columns);
  const action = store.upsert?.action;
  const [version] = action?.kind === 'newest' ? fieldsOf([action.by]) : [];
  const wanted = [...key, ...(version === undefined ? [] : [version])].flatMap(
    (index) => record.fields[index] ?? [],
  );
  const emptyFrame = frameOf(record);
  const compute = compileSome(record, wanted, place);
  const visit = compileSources(
    record.sources,
    skipping(({ frame, found }) => void found.push(compute(frame))),
    'single',
  );
  return (message) => {
    const rows: Row[] = [];
    const frame = emptyFrame.slice();
    frame[emptyFrame.length - 1] = message.meta;
    visit({ message, frame, found: rows, deleted: undefined, trace: undefined });
    if (version === undefined) return rows.map((values) => ({ key: values }));
    return rows.map((values) => ({ key: values.slice(0, -1), version: values.at(-1) ?? null }));
  };
}
