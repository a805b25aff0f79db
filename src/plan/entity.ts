import type { Program, RecordModel, SignatureModel } from '../model/program.ts';
import { derivedFrom } from '../model/query/derived-from.ts';
import type { JsonFault } from '../types/json-fault.ts';
import { forbiddenKey, parseJson } from '../types/json-reader.ts';
import { repeatedKey } from '../types/repeated-key.ts';
import type { Fault, JsonValue, Value } from '../types/value.ts';
import { compileRecord } from './decode/record.ts';
import { compileFastPath } from './decode/fast/fast-path.ts';
import { refuseLongList } from './decode/long-list.ts';
import { hasUnreadKeys } from './decode/unread-keys.ts';
import { MAX_FAULTS, type Reading } from './decode/refused.ts';
import type {
  EntityPlan,
  Evaluation,
  MessageInput,
  Row,
  SignaturePlan,
  TablePlan,
  TextLimits,
} from './plan.ts';
import { compileDeletion } from './evaluate/deletion.ts';
import { compileDerivation } from './evaluate/derivation.ts';
import { tablePlace } from './table-place.ts';
import type { MessageRows } from './evaluate/sources.ts';
import { compileWrites, type Writing } from './evaluate/writes.ts';
import { MessageRejected, rejectionOf } from './evaluate/frame.ts';
import { countingText, isTextSpent } from './evaluate/made-text.ts';
import { compileMeta } from './evaluate/message-meta.ts';
import { compileOrderKey } from './evaluate/order-key.ts';
import type { Place } from './evaluate/own-fields.ts';

/** Characters: of less, the largest batch makes no more than the memory of a worker holds. */
const NOTABLE_TEXT = 64 * 1024;

/** Compiles one entity with everything that is derived from it. */
export function compileEntity(
  entity: RecordModel,
  program: Program,
  tables: readonly TablePlan[],
  place: Place,
  limits: TextLimits,
): Omit<EntityPlan, 'fingerprint'> {
  const read = compileRecord(entity, place);
  const fast = compileFastPath(entity, place, limits);
  const derivations = derivedFrom(program, entity).map((record) =>
    compileDerivation(record, program.storeOf.get(record), place),
  );
  const records: readonly Pick<Writing, 'record' | 'parentsOf'>[] = [
    { record: entity, parentsOf: undefined },
    ...derivations.map(({ record, parentsOf }) => ({ record, parentsOf })),
  ];
  const writes = compileWrites(
    records.flatMap((each) => {
      const store = program.storeOf.get(each.record);
      return store === undefined ? [] : [{ ...each, store }];
    }),
    tables,
    place,
  );
  const isDeleted = compileDeletion(entity, place);
  const meta = compileMeta(program);
  const orderKeyOf = compileOrderKey(entity);
  const raw = entity.fields.some((field) => field.origin.kind === 'body');
  const opaque = hasUnreadKeys(entity);
  const store = program.storeOf.get(entity);
  const root = store === undefined ? -1 : tablePlace(tables, store);

  const rowsOf = (row: Row, meta: Value, traced: boolean): MessageRows => {
    const deleted = isDeleted === undefined ? undefined : [isDeleted([row, meta]) === true];
    const message: MessageRows = { rows: new Map(), meta };
    message.rows.set(entity, { rows: [row], pointers: [''], deleted });
    for (const derivation of derivations)
      message.rows.set(derivation.record, derivation.rowsOf(message, traced));
    return message;
  };

  const derive = (row: Row, reading: Reading): Evaluation => {
    try {
      const made = writes.of(rowsOf(row, reading.meta, false));
      const { unknownKeys: unknownFields, unknownNames } = reading;
      const rows = { kind: 'rows', writes: made, unknownFields } as const;
      // A spread for each of the two would take longer than the rest of this.
      if (orderKeyOf === undefined) return unknownNames === undefined ? rows : { ...rows, unknownNames };
      const orderKey = orderKeyOf(row);
      return unknownNames === undefined ? { ...rows, orderKey } : { ...rows, unknownNames, orderKey };
    } catch (error) {
      if (!(error instanceof MessageRejected)) throw error;
      // A second time would make as much text again, and the whole message is at fault.
      const traced = isTextSpent() ? undefined : trace(row, reading.meta);
      return { kind: 'rejected', rejection: rejectionOf(traced ?? error, entity.name) };
    }
  };

  /** Evaluates a message that failed once more, keeping track of where its rows come from. */
  const trace = (row: Row, meta: Value): MessageRejected | undefined => {
    try {
      writes.of(rowsOf(row, meta, true));
      return undefined;
    } catch (error) {
      if (error instanceof MessageRejected) return error;
      throw error;
    }
  };

  const faulty = ({ code, message, pointer }: JsonFault): Evaluation => ({
    kind: 'rejected',
    rejection: { code, entity: entity.name, field: '', pointer, message },
  });

  const evaluate = (input: MessageInput): Evaluation => {
    const { result, made } = countingText(() => evaluated(input));
    return made > NOTABLE_TEXT && result.kind === 'rows' ? { ...result, madeText: made } : result;
  };

  const evaluated = (input: MessageInput): Evaluation => {
    const wellFormed = !raw && input.body.isWellFormed();
    const reading: Reading = {
      refused: undefined,
      alsoRefused: [],
      collects: false,
      unknownKeys: 0,
      unknownNames: undefined,
      body: input.body,
      plain: false,
      headers: input.headers,
      meta: meta.read(input),
    };
    if (fast !== undefined && wellFormed) {
      const row = fast.read(input.body, reading);
      if (row !== undefined) return derive(row, reading);
      reading.refused = undefined;
    }
    reading.plain = wellFormed && !input.body.includes('\\');
    const json = raw ? ({ kind: 'value', value: {} } as const) : parseJson(input.body, limits.maxDepth);
    if (json.kind !== 'value') return faulty(json);
    const repeated = raw ? undefined : repeatedKey(input.body, json.value);
    if (repeated !== undefined) return faulty(repeated);
    const long = raw ? undefined : refuseLongList(entity, input.body, json.value, limits.maxListLength);
    if (long !== undefined) return { kind: 'rejected', rejection: { entity: entity.name, ...long } };
    const row = read(json.value, reading);
    // Where every key was met by a field, none of them is forbidden.
    if (row === undefined || reading.unknownKeys > 0 || opaque) {
      const fault = raw ? undefined : forbiddenKey(input.body, json.value);
      if (fault !== undefined) return faulty(fault);
    }
    if (row !== undefined) {
      fast?.addPattern(json.value, input.body);
      return derive(row, reading);
    }
    const { refused } = reading;
    if (refused === undefined) throw new Error('a reader refused a message without a reason');
    const faults = isTextSpent() ? [] : faultsOf(json.value, reading);
    const rejection = { entity: entity.name, ...refused };
    return { kind: 'rejected', rejection: faults.length > 1 ? { ...rejection, faults } : rejection };
  };

  /** Reads a message that is refused once more, and says all that is wrong with it. */
  const faultsOf = (json: JsonValue, { body, plain, headers, meta }: Reading): readonly Fault[] => {
    const reading: Reading = {
      ...{ refused: undefined, alsoRefused: [], collects: true, unknownKeys: 0, unknownNames: undefined },
      ...{ body, plain, headers, meta },
    };
    const faults: Fault[] = [];
    read(json, reading);
    if (reading.refused !== undefined) faults.push(reading.refused, ...reading.alsoRefused);
    return faults.slice(0, MAX_FAULTS);
  };

  return {
    name: entity.name,
    ...(entity.doc === undefined ? {} : { doc: entity.doc }),
    body: raw ? 'raw' : 'json',
    headers: [
      ...new Set([
        ...entity.fields.flatMap(({ origin }) => (origin.kind === 'header' ? [origin.header] : [])),
        ...meta.headers,
      ]),
    ],
    ...(entity.signature === undefined ? {} : { signature: signaturePlan(entity.signature) }),
    ...(entity.onRefused === undefined ? {} : { onRefused: entity.onRefused }),
    ...(root < 0 ? {} : { rootTable: root }),
    ...(entity.ordering === undefined
      ? {}
      : { orderedBy: entity.ordering.fields.map((field) => field.name) }),
    tables: writes.tables,
    evaluate,
  };
}

function signaturePlan({ scheme, secret, options }: SignatureModel): SignaturePlan {
  return { scheme: scheme.name, secret: secret.name, options };
}
