import { readJson } from '../types/json-reader.ts';
import { isRawNumber } from '../types/raw-number.ts';
import type { JsonValue, Value } from '../types/value.ts';
import { problem, resolvedNullable, type FunctionDefinition } from './function.ts';
import { aJson, aText } from './support/pattern.ts';
import { JSON_TYPE } from './support/value-type.ts';

function step(json: JsonValue, key: string): JsonValue {
  if (typeof json !== 'object' || json === null || isRawNumber(json)) return null;
  if (Array.isArray(json)) return /^(?:0|[1-9][0-9]{0,9})$/.test(key) ? (json[Number(key)] ?? null) : null;
  const object = json as { readonly [key: string]: JsonValue };
  return Object.hasOwn(object, key) ? (object[key] ?? null) : null;
}

function at(json: string, path: readonly string[]): Value {
  const read = readJson(json);
  if (read.kind !== 'value') throw new Error('a json value that is no JSON');
  const found = path.reduce(step, read.value);
  return found === null ? null : JSON.stringify(found);
}

export const jsonGet: FunctionDefinition = {
  name: 'json_get',
  group: 'json',
  doc: `A part of a \`json\` value. The path has keys of objects and positions in arrays, counted from 0, separated by dots. Null if
there is no such part, or if it is the \`null\` of JSON. Numbers keep their digits. \`to_text\` converts the result to text.`,
  parameters: [
    { name: 'json', takes: aJson },
    { name: 'path', takes: aText, literal: true },
  ],
  returns: 'json?',
  resolve: ([, path]) => {
    const keys = String(path?.literal).split('.');
    if (keys.includes(''))
      return problem(
        1,
        'a key of this JSON path is empty',
        'write keys separated by single dots, for example `"customer.tags.0"`',
      );
    return resolvedNullable(JSON_TYPE, (json: string) => at(json, keys));
  },
  examples: [
    { call: 'json_get(any, "a.b.0")', fields: 'any: json', message: '{"any": {"a": {"b": [7]}}}', gives: 7 },
    { call: 'json_get(any, "a.c")', fields: 'any: json', message: '{"any": {"a": {"b": [7]}}}', gives: null },
    { call: 'json_get(any, "a")', fields: 'any: json', message: '{"any": {"a": null}}', gives: null },
    {
      call: 'to_text(json_get(any, "name"))',
      fields: 'any: json',
      message: '{"any": {"name": "Ann"}}',
      gives: 'Ann',
    },
    {
      call: 'to_text(json_get(any, "n"))',
      fields: 'any: json',
      message: '{"any": {"n": 12345678901234567890.10}}',
      gives: '12345678901234567890.10',
    },
    { call: 'json_get(any, "length")', fields: 'any: json', message: '{"any": [1]}', gives: null },
  ],
};
