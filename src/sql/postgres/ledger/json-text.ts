/** JSON that jsonb takes: it refuses U+0000 and lone surrogates, which a text about a broken message may hold. */
export function jsonText(value: object): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '\uFFFD') : part,
  );
}
