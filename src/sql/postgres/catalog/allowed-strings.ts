const STRING = /E?'(?:[^']|'')*'/g;
const COLUMN = /^CHECK \(+(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)/;
const CAST = /::[a-z ]+(?:\[\])?/g;
/** What is left of a check that lists strings, without column, strings, casts and punctuation. */
const LIST_SHAPES: ReadonlySet<string> = new Set(['=', '=ANYARRAY', '<@ARRAY']);

/** The strings that a check allows, of its `pg_get_constraintdef`; undefined where it is another kind of check. */
export function allowedStrings(definition: string): ReadonlySet<string> | undefined {
  const values = new Set<string>();
  const rest = definition
    .replace(COLUMN, '')
    .replace(STRING, (literal) => {
      values.add(unquoted(literal));
      return '';
    })
    .replace(CAST, '')
    .replace(' NOT VALID', '')
    .replace(/[()[\], ]/g, '');
  return LIST_SHAPES.has(rest) ? values : undefined;
}

function unquoted(literal: string): string {
  const escaped = literal.startsWith('E');
  const inner = literal.slice(escaped ? 2 : 1, -1).replaceAll("''", "'");
  return escaped ? inner.replaceAll('\\\\', '\\') : inner;
}
