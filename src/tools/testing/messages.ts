import { Buffer } from 'node:buffer';
import type { RecordModel } from '../../model/program.ts';
import type { ReceivedMessage } from '../../plan/evaluate-message.ts';
import type { GivenTree } from '../../syntax/tree.ts';
import { readJson, splitJsonLines } from '../../types/json-reader.ts';
import { isRawNumber } from '../../types/raw-number.ts';
import type { JsonValue } from '../../types/value.ts';

/** Reads a file that a test names, relative to the `.nom` file `from`; gives its bytes or why it cannot be read. */
export type ReadFile = (
  path: string,
  from: string,
) => { readonly bytes: Uint8Array } | { readonly problem: string };

/** When messages of tests arrive, so that the same test gives the same rows on every day. */
const RECEIVED_AT = Date.UTC(2020, 0, 1);

/** A file of newline-delimited JSON is a message for each line. */
const LINES = /\.(ndjson|jsonl)$/;
/** A message from a file carries its name as an upload does. */
const FILE_NAME_HEADER = 'x-filename';

export interface GivenMessage {
  readonly input: ReceivedMessage;
  /** What to call it in a sentence: `the message`, `line 7 of orders.ndjson`. */
  readonly name: string;
}

/**
 * The messages that a `given` stands for. In a message that is written out, fields with `@body` and `@header` are
 * given as keys of their names.
 */
export function messagesOf(
  given: GivenTree,
  entity: RecordModel,
  count: number,
  readFile: ReadFile,
): readonly GivenMessage[] | { readonly problem: string } {
  if (given.input.kind === 'json')
    return [{ input: messageOf(...writtenOut(given.input.text, entity), count), name: 'the message' }];
  const { value: path, span } = given.input.path;
  const file = readFile(path, span.file.name);
  if ('problem' in file) return file;
  const name = path.split(/[\\/]/).at(-1) ?? path;
  const headers = { [FILE_NAME_HEADER]: name };
  if (!LINES.test(path)) return [{ input: messageOf(file.bytes, headers, count), name: path }];
  // Latin-1 has a character for every byte, so that a line keeps its bytes.
  return Buffer.from(file.bytes)
    .toString('latin1')
    .split('\n')
    .flatMap((text, at) => splitJsonLines(text).map((body) => ({ body, line: at + 1 })))
    .map(({ body, line }, at) => ({
      input: messageOf(Buffer.from(body, 'latin1'), headers, count + at),
      name: `line ${line} of ${path}`,
    }));
}

function messageOf(
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
  number: number,
): ReceivedMessage {
  const messageId = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  return { body, headers, messageId, receivedAt: RECEIVED_AT };
}

function writtenOut(
  text: string,
  entity: RecordModel,
): readonly [Uint8Array, Readonly<Record<string, string>>] {
  const special = entity.fields.filter(({ origin }) => origin.kind === 'body' || origin.kind === 'header');
  const json = readJson(text);
  if (special.length === 0 || json.kind !== 'value' || !isObject(json.value)) return [Buffer.from(text), {}];
  const { value } = json;
  const headers: Record<string, string> = {};
  let body: string | undefined;
  for (const { name, origin } of special) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given === undefined || given === null) continue;
    const asText = typeof given === 'string' ? given : JSON.stringify(given);
    if (origin.kind === 'header') headers[origin.header] = asText;
    else body = asText;
  }
  const names = new Set(special.map((field) => field.name));
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !names.has(key)));
  return [Buffer.from(body ?? JSON.stringify(rest)), headers];
}

function isObject(json: JsonValue): json is { readonly [key: string]: JsonValue } {
  return typeof json === 'object' && json !== null && !Array.isArray(json) && !isRawNumber(json);
}
