import { isAscii, isUtf8 } from 'node:buffer';
import { splitJsonArray } from '../../types/json-reader.ts';
import { bodyText } from './body-text.ts';
import { firstByte, ndjsonLines } from './ndjson.ts';
import { problem, type Problem } from './problem.ts';

/** One element of a batch as it was received; `text` is undefined where its bytes are not UTF-8. */
export interface BatchElement {
  readonly bytes: Buffer;
  readonly text: string | undefined;
}

/** The elements of a batch, decoded one by one, so that a large batch is not held three times. */
export interface BatchElements {
  readonly count: number;
  at(index: number): BatchElement;
}

const NDJSON_TYPE = /^\s*application\/(?:x-ndjson|ndjson|jsonl|x-jsonlines|json-seq)\b/i;
const ARRAY_START = '['.charCodeAt(0);

/** NDJSON where the content type says so, or where the body does not begin with `[`; else a JSON array. */
export function batchElements(body: Buffer, contentType: string | undefined): BatchElements | Problem {
  const ndjson = contentType !== undefined && NDJSON_TYPE.test(contentType);
  return ndjson || firstByte(body) !== ARRAY_START ? linesOf(body) : elementsOf(body);
}

function linesOf(body: Buffer): BatchElements {
  const lines = ndjsonLines(body);
  const textOf = isAscii(body)
    ? (line: Buffer) => line.toString('latin1')
    : isUtf8(body)
      ? (line: Buffer) => line.toString('utf8')
      : bodyText;
  return {
    count: lines.length,
    at(index) {
      const bytes = lines[index] ?? EMPTY;
      return { bytes, text: textOf(bytes) };
    },
  };
}

const EMPTY = Buffer.alloc(0);

function elementsOf(body: Buffer): BatchElements | Problem {
  const text = bodyText(body);
  if (text === undefined) return problem('invalid_utf8', 'the body is not UTF-8');
  const split = splitJsonArray(text);
  if (split.kind === 'invalid') {
    const { message, line, column } = split;
    return problem('invalid_json', message, { line, column });
  }
  return {
    count: split.elements.length,
    at(index) {
      const element = split.elements[index] ?? '';
      return { bytes: Buffer.from(element), text: element };
    },
  };
}
