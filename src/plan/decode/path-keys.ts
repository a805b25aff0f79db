import type { JsonValue } from '../../types/value.ts';
import { isRawNumber } from '../../types/raw-number.ts';
import { pointerTo } from '../../types/json-pointer.ts';
import { within, type Reading } from './refused.ts';

/** Meets a key that no field reads; false where it refuses the message, with the pointer of the key alone. */
export type UnknownKey = (key: string, reading: Reading) => boolean;

/** The keys that paths of fields pass on their way through objects that are no shapes. */
interface PathKeys {
  readonly below: Map<string, PathKeys>;
  /** A field takes the value at this place, so that its keys are the field's. */
  taken: boolean;
}

/**
 * Looks for keys that no field reads in the objects that paths pass through. `paths` are those of all fields of one
 * key, which they begin with. Gives false and sets `reading.refused` where one is refused.
 */
export function pathKeyReader(
  paths: readonly (readonly string[])[],
  unknown: UnknownKey,
): (json: JsonValue, reading: Reading) => boolean {
  const root: PathKeys = { below: new Map(), taken: false };
  for (const path of paths) {
    let at = root;
    for (const key of path.slice(1)) {
      const next = at.below.get(key) ?? { below: new Map(), taken: false };
      at.below.set(key, next);
      at = next;
    }
    at.taken = true;
  }
  const walk = ({ below, taken }: PathKeys, json: JsonValue, reading: Reading): boolean => {
    if (taken || typeof json !== 'object' || json === null || Array.isArray(json) || isRawNumber(json))
      return true;
    for (const [key, value] of Object.entries(json)) {
      const next = below.get(key);
      if (next === undefined ? unknown(key, reading) : walk(next, value, reading)) continue;
      if (next !== undefined) within(pointerTo(key), reading);
      return false;
    }
    return true;
  };
  return (json, reading) => walk(root, json, reading);
}
