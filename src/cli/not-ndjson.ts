import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes of a file that tell what it is. */
const LOOKED_AT = 4096;

/** What a file whose first line is no JSON object seems to be, with what makes NDJSON of it; undefined where it begins as NDJSON does. */
export function notNdjson(path: string): string | undefined {
  const text = beginningOf(path)
    .replace(/^\uFEFF/, '')
    .trimStart();
  const [line = ''] = text.split('\n');
  const is = `${path} is not NDJSON, which has one JSON object on each line`;
  if (text.startsWith('[')) return `${is}, but a JSON array: \`jq -c '.[]' FILE\` makes NDJSON of it`;
  if (text.startsWith('{'))
    return isComplete(line)
      ? undefined
      : `${is}: \`jq -c . FILE\` makes it of JSON objects over several lines`;
  if (/[,;\t]/.test(line) && /^[\w"][^{}]*$/.test(line.trimEnd()))
    return `${is}: it looks like CSV, and docs/csv.md shows how to make NDJSON of it`;
  return is;
}

function isComplete(line: string): boolean {
  // A line that was cut off by the limit is taken for a complete one.
  return line.length >= LOOKED_AT / 4 || line.trimEnd().endsWith('}');
}

function beginningOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(LOOKED_AT);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
