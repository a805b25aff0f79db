/** What a step of the scanner met. */
export type Met = 'element' | 'end' | 'fault' | 'pause';

/**
 * Finds the elements of a JSON array in its bytes, one after the other, without keeping any. Only the array itself is
 * checked; an element may still be no JSON. Each state says what may come next:
 *
 * first (an element or the end) → inside ⇄ string → next (an element) → … → behind (blanks only)
 */
export interface ArrayScanner {
  /** Reads on, to the offset `until` at most. */
  step(until: number): Met;
  /** Where it is. */
  readonly at: number;
  /** The element that was met last, or that has the fault: its first byte, and the one behind its last. */
  readonly from: number;
  readonly to: number;
  /** Whether the array's end was met. */
  readonly isBehind: boolean;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Scans the array that begins with the bracket at `start`. */
export function arrayScanner(body: Buffer, start: number): ArrayScanner {
  let state: 'first' | 'next' | 'inside' | 'string' | 'behind' = 'first';
  let at = start + 1;
  let from = at;
  let to = at;
  let depth = 0;

  const begin = (byte: number): Met | undefined => {
    from = at;
    to = at;
    if (byte === CLOSE && state === 'first') {
      state = 'behind';
      at += 1;
      return undefined;
    }
    // Nothing stands where an element should.
    if (byte === CLOSE || byte === COMMA) return 'fault';
    state = 'inside';
    return undefined;
  };

  /** To the byte that ends the element, or into a string of it. */
  const inside = (end: number): Met | undefined => {
    for (; at < end; at += 1) {
      const byte = body[at];
      if (byte === QUOTE) {
        state = 'string';
        at += 1;
        return undefined;
      }
      if (byte === OPEN || byte === OPEN_OBJECT) depth += 1;
      else if (depth > 0) {
        if (byte === CLOSE || byte === CLOSE_OBJECT) depth -= 1;
      } else if (byte === COMMA || byte === CLOSE) {
        to = at;
        while (isBlank(body[to - 1])) to -= 1;
        state = byte === COMMA ? 'next' : 'behind';
        at += 1;
        return 'element';
      }
    }
    return undefined;
  };

  const string = (end: number): void => {
    for (; at < end; at += 1) {
      const byte = body[at];
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) {
        state = 'inside';
        at += 1;
        return;
      }
    }
  };

  return {
    step(until) {
      const end = Math.min(until, body.length);
      while (at < end) {
        if (state === 'string') string(end);
        else if (state === 'inside') {
          const met = inside(end);
          if (met !== undefined) return met;
        } else {
          while (at < end && isBlank(body[at])) at += 1;
          const byte = body[at];
          if (at >= end || byte === undefined) break;
          if (state === 'behind') {
            from = at;
            return 'fault';
          }
          const met = begin(byte);
          if (met !== undefined) return met;
        }
      }
      if (at < body.length) return 'pause';
      if (state === 'behind') return 'end';
      if (state === 'first' || state === 'next') from = body.length;
      return 'fault';
    },
    get at() {
      return at;
    },
    get from() {
      return from;
    },
    get to() {
      return to;
    },
    get isBehind() {
      return state === 'behind';
    },
  };
}

/** JSON's white space: blank, tab, line feed, carriage return. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
