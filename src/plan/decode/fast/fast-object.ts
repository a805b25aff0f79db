import type { JsonLiteral } from '../../../types/column-type.ts';
import { isRawNumber } from '../../../types/raw-number.ts';
import type { JsonValue, Value } from '../../../types/value.ts';
import type { Reading } from '../refused.ts';
import { forgetNames, type Cursor, type FastFiller } from './cursor.ts';
import type { Allowed } from './any-value.ts';
import { isPlainKey } from './spelling.ts';
import { valuesIn, type Part, type PassedValue, type Single } from './part.ts';
import { readRun, runsOf, type Run } from './run.ts';

/** What a key of an object fills. */
export type FastKey = { readonly absent: readonly Absent[] } & (
  | { readonly kind: 'single'; readonly single: Single; readonly literal: JsonLiteral }
  | { readonly kind: 'nested'; readonly value: FastFiller; readonly text?: CapturedText }
);

/** A `json` field, whose text can be captured. */
export interface CapturedText {
  readonly single: Single;
  /** How it was always written, where that can be matched with what is around it. */
  readonly only: () => PassedValue | undefined;
}

/** The value of a field whose key is left out; `undefined` where it may not be. */
export interface Absent {
  readonly index: number;
  readonly value: Value | undefined;
}

export interface ObjectForm {
  readonly keys: ReadonlyMap<string, FastKey>;
  readonly allowed: Allowed;
  /** The name of a key that no field reads, `Order.colour`; undefined where such keys are not counted. */
  readonly unknown: (key: string) => string | undefined;
  /** The reader of the value of a key that no field reads. */
  readonly unread: () => ValueFiller;
}

/** What passes by a value, mostly. */
export interface ValueFiller extends FastFiller {
  /** How it was always written, where nothing reads it and it is short: what is around it can match it too. */
  readonly only: () => PassedValue | undefined;
}

/** An object of so many values is matched with what is around it; a larger one has patterns of its own. */
const FEW_VALUES = 24;

/** Layouts that an object keeps: senders leave out what is empty, or differ. */
const MAX_LAYOUTS = 16;

/** An object with more keys, or with more unread keys that had lists and objects, is a map: its keys will differ again. */
const MAX_KEYS = 400;

/** The keys of an object in the order of its text. */
interface Layout {
  /** Equal for equal layouts. */
  readonly form: string;
  readonly parts: readonly Part[];
  readonly runs: readonly Run[];
  readonly absent: readonly Absent[];
}

/** The layouts as a tree, so that what several begin with is read once. */
interface Branch {
  readonly nodes: Node[];
  /** The one that matched last is tried first. */
  recent: number;
}

interface Node {
  readonly run: Run;
  /** Undefined where the object ends. */
  readonly next: Branch | undefined;
  readonly absent: readonly Absent[];
}

/** Reads objects into a row, by the layouts of earlier ones; the cursor stays where it is if none matches. */
export function fastObject({ keys, allowed, unknown, unread }: ObjectForm): ValueFiller {
  /** By key. Those with lists and objects have readers in every layout, so that layouts differ in keys alone. */
  const unreadValues = new Map<string, ValueFiller>();
  /** The unread keys that have had numbers and booleans. */
  const varied = new Set<string>();
  let layouts: readonly Layout[] = [];
  let known: ReadonlyMap<string, Run> = new Map();
  let root: Branch = { nodes: [], recent: 0 };

  const partOf = (key: string, json: JsonValue, text: string): Part | undefined => {
    const read = keys.get(key);
    if (read?.kind === 'nested') {
      read.value.addPattern(json, text);
      const value = read.text?.only();
      if (read.text !== undefined && value !== undefined)
        return { key, unknown: undefined, kind: 'text', single: read.text.single, value };
      return { key, unknown: undefined, kind: 'nested', fill: read.value.fill };
    }
    if (read?.kind === 'single') {
      const { single } = read;
      return { key, unknown: undefined, kind: 'single', single, literal: literalIn(json, read.literal) };
    }
    const name = unknown(key);
    let value = unreadValues.get(key);
    if (value === undefined && (typeof json !== 'object' || json === null || isRawNumber(json))) {
      if (json !== null && typeof json !== 'string') varied.add(key);
      return { key, unknown: name, kind: varied.has(key) ? 'passed' : 'passedText' };
    }
    if (value === undefined) {
      if (unreadValues.size >= MAX_KEYS) return undefined;
      value = unread();
      unreadValues.set(key, value);
    }
    value.addPattern(json, text);
    const only = value.only();
    if (only !== undefined) return { key, unknown: name, ...only };
    return { key, unknown: name, kind: 'nested', fill: value.fill };
  };

  const layoutOf = (object: { readonly [key: string]: JsonValue }, text: string): Layout | undefined => {
    const entries = Object.entries(object);
    if (entries.length > MAX_KEYS || !entries.every(([key]) => isPlainKey(key))) return undefined;
    const parts: Part[] = [];
    for (const [key, json] of entries) {
      const part = partOf(key, json, text);
      if (part === undefined) return undefined;
      parts.push(part);
    }
    const absent = [...keys].flatMap(([key, read]) => (Object.hasOwn(object, key) ? [] : read.absent));
    if (absent.some(({ value }) => value === undefined)) return undefined;
    const runs = runsOf(parts, allowed.spelling, known);
    return { form: runs.map(({ form }) => form).join('\n'), parts, runs, absent };
  };

  return {
    only: () => {
      const [only] = layouts;
      if (only === undefined || layouts.length > 1) return undefined;
      const parts = only.parts.flatMap((part) =>
        part.kind === 'single' || part.kind === 'text' || part.kind === 'nested' ? [] : [part],
      );
      if (parts.length < only.parts.length) return undefined;
      const value: PassedValue = { kind: 'passedObject', parts };
      return valuesIn(value) <= FEW_VALUES ? value : undefined;
    },
    fill: (cursor, row, reading) => {
      const { at, names, deferred } = cursor;
      const { count, first } = names;
      const named = first.length;
      const kept = deferred.length;
      let branch = root;
      for (;;) {
        const node = nodeAt(branch, cursor, row, reading);
        if (node === undefined) break;
        if (node.next !== undefined) {
          branch = node.next;
          continue;
        }
        const { absent } = node;
        for (let each = 0; each < absent.length; each += 1) {
          const { index, value } = absent[each] as Absent;
          row[index] = value ?? null;
        }
        return true;
      }
      cursor.at = at;
      forgetNames(cursor, count, named, kept);
      return false;
    },
    addPattern: (json, text) => {
      if (typeof json !== 'object' || json === null || Array.isArray(json) || isRawNumber(json)) return;
      const layout = layoutOf(json as { readonly [key: string]: JsonValue }, text);
      if (layout === undefined || layouts.some(({ form }) => form === layout.form)) return;
      layouts = [layout, ...layouts].slice(0, MAX_LAYOUTS);
      known = new Map(layouts.flatMap(({ runs }) => runs.map((run) => [run.form, run])));
      root = treeOf(layouts);
    },
  };
}

/**
 * The first node whose run matches. Where another would have matched further on, the object gives one more layout, which
 * begins with this node.
 */
function nodeAt(branch: Branch, cursor: Cursor, row: Value[], reading: Reading): Node | undefined {
  const { nodes, recent } = branch;
  const last = nodes[recent];
  if (last === undefined || readRun(last.run, cursor, row, reading)) return last;
  for (let place = 0; place < nodes.length; place += 1) {
    const node = nodes[place] as Node;
    if (place === recent || !readRun(node.run, cursor, row, reading)) continue;
    branch.recent = place;
    return node;
  }
  return undefined;
}

function treeOf(layouts: readonly Layout[]): Branch {
  const root: Branch = { nodes: [], recent: 0 };
  for (const { runs, absent } of layouts) {
    let at = root;
    for (const [place, run] of runs.entries()) {
      const found = at.nodes.find((node) => node.run === run);
      const next = place === runs.length - 1 ? undefined : (found?.next ?? { nodes: [], recent: 0 });
      if (found === undefined) at.nodes.push({ run, next, absent });
      if (next !== undefined) at = next;
    }
  }
  return root;
}

/** How a value is written, which for null is how it is written mostly. */
function literalIn(json: JsonValue, usual: JsonLiteral): JsonLiteral {
  if (json === null) return usual;
  if (typeof json === 'string') return 'string';
  if (typeof json === 'boolean') return 'boolean';
  return usual === 'digits' ? usual : 'number';
}
