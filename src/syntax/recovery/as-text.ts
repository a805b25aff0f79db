import type { SourceFile } from '../../text/source.ts';

/** Types whose values `to_text` writes. */
const WRITTEN = new Set(['int', 'bigint', 'decimal', 'float', 'bool', 'date', 'time', 'timestamp', 'uuid']);

/** A path as an argument of `concat`, in `to_text` where every field of that name in the file has another type than text. */
export function asText(file: SourceFile, path: string): string {
  const name = path.split('.').at(-1) ?? path;
  if (!/^\w+$/.test(name)) return path;
  const types = [
    ...(file.whole ?? file.text).matchAll(new RegExp(`\\b${name}\\s*:\\s*(\\w+)(\\s*\\[)?`, 'g')),
  ];
  const written = types.every(([, type = '', list]) => WRITTEN.has(type) && list === undefined);
  return types.length > 0 && written ? `to_text(${path})` : path;
}
