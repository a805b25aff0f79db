import type { RecordModel } from '../../model/program.ts';
import type { Type } from '../../model/type.ts';
import type { JsonValue } from '../../types/value.ts';
import { pointerTo } from '../../types/json-pointer.ts';
import type { JsonObject } from './key-field.ts';
import type { Refused } from './refused.ts';

/** A key of an object, or a place in a list. */
type Step = string | number;

interface LongList {
  /** Filled from the inside out. */
  readonly path: Step[];
  readonly length: number;
}

/** Refuses a message of an entity in which any list has more than `max` elements, whether a field reads it or not. */
export function refuseLongList(
  entity: RecordModel,
  text: string,
  json: JsonValue,
  max: number,
): Refused | undefined {
  if (!mayHaveLongList(text, max)) return undefined;
  const found = findLongList(json, max);
  if (found === undefined) return undefined;
  const { path, length } = found;
  return {
    code: 'too_many_items',
    field: fieldAt(entity, path),
    pointer: path.map(pointerTo).join(''),
    message: `expected a list of at most ${max} elements (max_list_length), found ${length}`,
  };
}

const COMMA = ',';

/** False is certain. A message that is short against the limit, as most are, costs nothing; any other a look at its commas. */
function mayHaveLongList(text: string, max: number): boolean {
  // One element more than allowed has a character and a comma for each, and the brackets.
  if (text.length < 2 * max + 3) return false;
  let commas = 0;
  for (let at = text.indexOf(COMMA); at >= 0; at = text.indexOf(COMMA, at + 1))
    if (++commas >= max) return true;
  return false;
}

/** The first list that is too long; the reader has limited how deep this goes. */
function findLongList(json: JsonValue, max: number): LongList | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if (Array.isArray(json) && json.length > max) return { path: [], length: json.length };
  const entries = Array.isArray(json)
    ? (json as readonly JsonValue[]).entries()
    : Object.entries(json as JsonObject);
  for (const [step, each] of entries) {
    const found = findLongList(each, max);
    if (found === undefined) continue;
    found.path.unshift(step);
    return found;
  }
  return undefined;
}

/** The innermost field that reads what stands at a path, `Order.lines`; empty where none does. */
function fieldAt(record: RecordModel, path: readonly Step[]): string {
  for (const { name, origin, type } of record.fields) {
    if (origin.kind !== 'json' || !origin.path.every((key, at) => path[at] === key)) continue;
    return fieldIn(type.type, path.slice(origin.path.length)) || `${record.name}.${name}`;
  }
  return '';
}

function fieldIn(type: Type, path: readonly Step[]): string {
  if (type.kind === 'list') return fieldIn(type.element, path.slice(1));
  return type.kind === 'record' ? fieldAt(type.of as RecordModel, path) : '';
}
