import { type JsonFault, faultAt, faultInside, findFault } from '../../types/json-fault.ts';
import { MAX_DEPTH } from '../../types/json-screen.ts';
import { type ArrayScanner, arrayScanner } from './array-scanner.ts';
import { nextTurn } from './next-turn.ts';

/** Bytes looked at before other requests are served. */
const SLICE = 256 * 1024;

/**
 * The first fault in the bytes of an array, whose bracket is at `start`; undefined where the array is well formed, whatever
 * its elements are. It keeps no element, and has the text of one at most, of `limit` bytes.
 */
export async function arrayFault(body: Buffer, start: number, limit: number): Promise<JsonFault | undefined> {
  const scanner = arrayScanner(body, start);
  let count = 0;
  for (let until = scanner.at + SLICE; ;) {
    const met = scanner.step(until);
    if (met === 'element') count += 1;
    else if (met === 'end') return undefined;
    else if (met === 'fault') break;
    else {
      until = scanner.at + SLICE;
      await nextTurn();
    }
  }
  return (await elementFault(body, start, count, limit)) ?? brokenAt(body, scanner, count, limit);
}

/** Bytes of elements that are read in one go: to ask about each of many tiny ones costs forty times more. */
const RUN = 16 * 1024;

/** The fault of the first of `count` elements that is no JSON. */
async function elementFault(
  body: Buffer,
  start: number,
  count: number,
  limit: number,
): Promise<JsonFault | undefined> {
  const scanner = arrayScanner(body, start);
  let until = scanner.at + SLICE;
  let run: Run | undefined;
  for (let index = 0; index < count;) {
    const met = scanner.step(until);
    if (met === 'pause') {
      until = scanner.at + SLICE;
      await nextTurn();
      continue;
    }
    const { from, to } = scanner;
    run ??= { from, to, index, count: 0 };
    // A larger one is refused without being read.
    const isRead = to - from <= limit;
    if (isRead) run = { ...run, to, count: run.count + 1 };
    index += 1;
    if (isRead && to - run.from < RUN && index < count) continue;
    const found = faultOfRun(body, run);
    if (found !== undefined) return found;
    run = undefined;
  }
  return undefined;
}

/** Elements that stand behind each other, of which the first has this index. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly index: number;
  readonly count: number;
}

function faultOfRun(body: Buffer, run: Run): JsonFault | undefined {
  const { from, to, index, count } = run;
  if (count === 0 || findFault(`[${body.toString('utf8', from, to)}]`, MAX_DEPTH + 1) === undefined) {
    return undefined;
  }
  // One of them has it: only now each is read alone.
  const scanner = arrayScanner(body, from - 1);
  for (let at = 0; at < count; at += 1) {
    scanner.step(body.length);
    // With the comma or bracket behind it.
    const found = findFault(`[${body.toString('utf8', scanner.from, scanner.at)}`, MAX_DEPTH + 1);
    if (found !== undefined && !found.message.includes(PAST_END)) {
      return inElement(found, index + at, placeOf(body, scanner.from), 1);
    }
  }
  return undefined;
}

const PAST_END = 'found the end of the text';
/** No word or escape of JSON is longer. */
const LONGEST = 8;

/** The array itself is broken at the element that the scanner met last. */
function brokenAt(body: Buffer, scanner: ArrayScanner, index: number, limit: number): JsonFault {
  const { from } = scanner;
  const before = scanner.isBehind ? '[]' : '[0,';
  const text = before + body.toString('utf8', from, Math.min(body.length, from + limit));
  const found = findFault(text, MAX_DEPTH + 1);
  const isCut = from + limit < body.length;
  // What only the cut makes a fault is none of the element.
  const sooner = isCut ? findFault(text.slice(0, -LONGEST), MAX_DEPTH + 1) : found;
  const place = placeOf(body, from);
  if (
    found === undefined ||
    (isCut && (found.message !== sooner?.message || found.message.includes(PAST_END)))
  ) {
    const endless = faultAt('', 0, 'expected an element that ends, or the end of the array');
    return inElement(endless, index, place, 0);
  }
  return inElement(found, index, place, before.length);
}

/** A fault that was found behind so many characters that stand for the array before the element. */
function inElement(
  found: JsonFault,
  index: number,
  { line, column }: { readonly line: number; readonly column: number },
  shift: number,
): JsonFault {
  const pointer = found.pointer.replace(/^\/[01]/, '');
  return faultInside({ ...found, pointer }, { line, column: column - shift, pointer: `/${index}` });
}

/** 1-based; the column in UTF-16 units, as everywhere. */
function placeOf(body: Buffer, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let column = 1;
  for (let at = 0; at < offset; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === 0x0a) {
      line += 1;
      column = 1;
    } else if (byte >= 0xf0) column += 2;
    // Every byte but those that continue a character.
    else if ((byte & 0xc0) !== 0x80) column += 1;
  }
  return { line, column };
}
