import type { SourceFile } from '../../text/source.ts';

/*
 * Types for what has none, so that help can show a whole line. They are guesses: a wrong one gets an error of its own.
 */

const RESULTS: readonly (readonly [RegExp, string])[] = [
  [/^nonempty\(/, 'text?'],
  [/^(?:lower|upper|trim|concat|replace|substr|truncate|to_text|sha256|join)\(/, 'text'],
  [/^(?:length|count|date_part|floor|ceil|parse_int)\(/, 'int'],
  [/^(?:contains|starts_with|ends_with|regex_match|parse_bool|not)\b/, 'bool'],
  [/^(?:date_of|parse_date)\(/, 'date'],
  [/^(?:now|parse_timestamp)\(/, 'timestamp'],
  [/^"/, 'text'],
  [/^(?:true|false)\b/, 'bool'],
];

interface Typed {
  readonly name: string;
  readonly type: string;
}

/** The type that an expression probably has. */
export function resultOf(file: SourceFile, body: string, parameters: readonly Typed[] = []): string {
  const whole = body.trim();
  if (/(?:==|!=|<=?|>=?|\band\b|\bor\b)/.test(whole) && !/^(?:if|match)\b/.test(whole)) return 'bool';
  const known = RESULTS.find(([pattern]) => pattern.test(whole))?.[1];
  if (known !== undefined) return known;
  const branch = /\bthen\s+(.+?)\s+else\b/.exec(whole)?.[1];
  if (branch !== undefined) return resultOf(file, branch, parameters);
  const number = /^-?\d+(?:\.(\d+))?$/.exec(whole);
  if (number !== null) return number[1] === undefined ? 'int' : `decimal(10, ${number[1].length})`;
  const used = parameters.find(({ name }) => new RegExp(`\\b${name}\\b`).test(whole));
  return used?.type ?? typeOfField(file, whole) ?? 'text';
}

/** The type of the first value that the file gives to a parameter of a function. */
export function typeOfUse(file: SourceFile, fn: string, index: number): string {
  const calls = (file.whole ?? file.text).matchAll(new RegExp(`\\b${fn}\\(([^()]*)\\)`, 'g'));
  for (const [, given = ''] of calls) {
    const type = typeOfField(file, given.split(',')[index] ?? '');
    if (type !== undefined) return type;
  }
  return 'text';
}

/** The type of the field that a path such as `c.name` ends in, as the file declares it. */
function typeOfField({ text, whole = text }: SourceFile, path: string): string | undefined {
  const name = /^\s*(?:\w+\??\.)*([A-Za-z_]\w*)\s*$/.exec(path)?.[1];
  if (name === undefined) return undefined;
  return new RegExp(`\\b${name}\\s*:\\s*([A-Za-z_]\\w*(?:\\([\\d, ]*\\))?(?:\\[\\])?\\??)`).exec(whole)?.[1];
}
