import { isUtf8 } from 'node:buffer';
import { arrayFault } from './array-fault.ts';
import { arrayScanner, isBlank } from './array-scanner.ts';
import { problem, type Problem } from '../../http/problem.ts';

/**
 * The elements of a batch, cut out of its body a few at a time, as views of it: a body of a gigabyte in elements of one
 * byte takes no more memory than the body.
 */
export interface BatchElements {
  /**
   * The next ones, in order: `count` at most, and none that begins more than `bytes` further in the body. May give none
   * before the end, where nothing but blanks stands there.
   */
  next(count: number, bytes: number): NextElements;
}

export interface NextElements {
  readonly elements: readonly Buffer[];
  readonly isLast: boolean;
}

const NDJSON_TYPE = /^\s*application\/(?:x-ndjson|ndjson|jsonl|x-jsonlines|json-seq)\b/i;
const ARRAY_START = '['.charCodeAt(0);
const LINE_FEED = 0x0a;

/**
 * NDJSON where the content type says so, or where the body does not begin with `[`; else a JSON array, which is read to its
 * end once before its first element is taken, so that one that is broken is refused as a whole. `limit` are the
 * bytes of one element that may become a text.
 */
export async function batchElements(
  body: Buffer,
  contentType: string | undefined,
  limit: number,
): Promise<BatchElements | Problem> {
  let start = 0;
  while (isBlank(body[start])) start += 1;
  if ((contentType !== undefined && NDJSON_TYPE.test(contentType)) || body[start] !== ARRAY_START) {
    return linesOf(body);
  }
  if (!isUtf8(body)) return problem('invalid_utf8', 'the body is not UTF-8');
  const fault = await arrayFault(body, start, limit);
  if (fault === undefined) return elementsOf(body, start);
  const { message, line, column } = fault;
  return problem('invalid_json', message, { line, column });
}

function linesOf(body: Buffer): BatchElements {
  let at = 0;
  return {
    next(count, bytes) {
      const elements: Buffer[] = [];
      const until = Math.min(body.length, at + bytes);
      while (elements.length < count && at < until) {
        // Line ends are blanks too, so that empty lines are passed byte by byte.
        if (isBlank(body[at])) at += 1;
        else {
          const found = body.indexOf(LINE_FEED, at);
          const lineEnd = found < 0 ? body.length : found;
          let end = lineEnd;
          while (isBlank(body[end - 1])) end -= 1;
          elements.push(body.subarray(at, end));
          at = lineEnd + 1;
        }
      }
      return { elements, isLast: at >= body.length };
    },
  };
}

/** Of an array that has no fault. */
function elementsOf(body: Buffer, start: number): BatchElements {
  const scanner = arrayScanner(body, start);
  return {
    next(count, bytes) {
      const elements: Buffer[] = [];
      const until = scanner.at + bytes;
      while (elements.length < count && scanner.at < until) {
        const met = scanner.step(until);
        if (met === 'end') return { elements, isLast: true };
        if (met === 'element') elements.push(body.subarray(scanner.from, scanner.to));
      }
      return { elements, isLast: false };
    },
  };
}
