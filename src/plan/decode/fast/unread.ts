import { isRawNumber } from '../../../types/raw-number.ts';
import type { JsonValue } from '../../../types/value.ts';
import { mayPassLists, passAny, passList, passSingle, type Allowed } from './any-value.ts';
import type { FastFiller } from './cursor.ts';
import { fastObject, type ValueFiller } from './fast-object.ts';

const OPEN_OBJECT = 123;
const OPEN = 91;

/**
 * Passes by a value that no field reads, which stands within `level` others. Objects are read by the layouts of
 * earlier ones, whose keys are known to be allowed, and others key by key.
 */
export function unreadValue(level: number, allowed: Allowed): ValueFiller {
  /** Made when the first is met, for they would go on for ever. */
  let object: ValueFiller | undefined;
  let element: FastFiller | undefined;
  const met = { objects: false, lists: false, singles: false };
  const inside = (): ValueFiller => unreadValue(level + 1, allowed);
  return {
    only: () => {
      if (met.singles || met.objects === met.lists) return undefined;
      if (met.objects) return object?.only();
      return element === undefined && mayPassLists(allowed.limits) ? { kind: 'passedList' } : undefined;
    },
    fill: (cursor, row, reading) => {
      const code = cursor.text.charCodeAt(cursor.at);
      if (code === OPEN) {
        const each = element?.fill;
        if (each === undefined) return passAny(cursor, level, allowed);
        return passList(cursor, level, allowed, (place) => each(place, row, reading));
      }
      if (code !== OPEN_OBJECT) return passSingle(cursor, allowed.spelling);
      return object?.fill(cursor, row, reading) === true || passAny(cursor, level, allowed);
    },
    addPattern: (json, text) => {
      if (typeof json !== 'object' || json === null || isRawNumber(json)) {
        met.singles = true;
        return;
      }
      if (Array.isArray(json)) {
        met.lists = true;
        for (const each of json as readonly JsonValue[]) {
          if (typeof each !== 'object' || each === null) continue;
          element ??= inside();
          element.addPattern(each, text);
        }
        return;
      }
      met.objects = true;
      object ??= fastObject({ keys: new Map(), allowed, unknown: () => undefined, unread: inside });
      object.addPattern(json, text);
    },
  };
}
