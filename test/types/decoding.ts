import { columnTypes } from '../../src/types/registry.ts';
import type { ColumnType, TypeParameters } from '../../src/types/column-type.ts';
import { readJson } from '../../src/types/json-reader.ts';
import { isRefusal, type RejectionCode } from '../../src/types/value.ts';

export function columnType(name: string): ColumnType {
  const type = columnTypes.get(name);
  if (type === undefined) throw new Error(`no column type ${name}`);
  return type;
}

/** What becomes of a JSON text in a column: the text that Postgres gets, or the code of its refusal. */
export type Decoded = { readonly text: string } | { readonly code: RejectionCode };

export function decoded(type: ColumnType, json: string, parameters: TypeParameters = []): Decoded {
  const read = readJson(json);
  if (read.kind === 'invalid') return { code: read.code };
  const value = type.decoder(parameters)(read.value);
  return isRefusal(value) ? { code: value.code } : { text: type.toText(value) };
}
