import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { functions } from '../../functions/registry.ts';
import type { NameExpression } from '../../syntax/expression-tree.ts';
import { UNKNOWN_NAME } from '../codes/codes.ts';
import type { Scope } from './scope.ts';

/** What the rest of a `match` is called elsewhere, and where. */
const REST: ReadonlyMap<string, string> = new Map([
  ['_', 'Rust'],
  ['default', 'TypeScript'],
  ['otherwise', 'Haskell'],
  ['any', 'other languages'],
  ['other', 'other languages'],
]);

/** A name that means something, but is written otherwise in this place: `default ->`, an entity for its alias, `skip`. */
export function misplacedName(
  { name: { text }, span }: NameExpression,
  scope: Scope,
): Diagnostic | undefined {
  const behind = span.file.text.slice(span.end, span.end + LONGEST_GAP);
  const language = REST.get(text.toLowerCase());
  if (language !== undefined && (text === '_' || /^\s*->/.test(behind)))
    return finding(UNKNOWN_NAME, span, `the other values of a \`match\` are \`else\`, found \`${text}\``, {
      label: `as in ${language}`,
      help: 'write `else`',
    });
  const row = scope.aliases.find(
    ({ name, row: { type } }) => name !== '' && type.kind === 'record' && type.of.name === text,
  );
  if (row !== undefined)
    return finding(UNKNOWN_NAME, span, `the row of ${text} is called \`${row.name}\` here`, {
      label: 'the name of the entity, not of its row',
      help: `write \`${row.name}\``,
    });
  const own = functions.has(text) || scope.functions?.names.includes(text) === true;
  const called = CALLS.get(text) ?? (own ? `${text}(…)` : undefined);
  if (called === undefined) return undefined;
  return finding(UNKNOWN_NAME, span, `\`${text}\` is a function`, {
    label: 'without parentheses',
    help: called.includes('…') ? `call it: \`${called}\`` : `write \`${called}\``,
  });
}

/** More blanks than anybody writes before an arrow. */
const LONGEST_GAP = 80;

/** Functions that can be called as they stand here. */
const CALLS: ReadonlyMap<string, string> = new Map([
  ['skip', 'skip()'],
  ['fail', 'fail("why")'],
  ['now', 'now()'],
]);
