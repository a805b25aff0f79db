import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { closest } from '../../diagnostics/suggest.ts';
import type { NameExpression } from '../../syntax/expression-tree.ts';
import { UNKNOWN_NAME } from '../codes/codes.ts';
import { misplacedName } from './misplaced-name.ts';
import type { Scope } from './scope.ts';
import { shortText } from './shown.ts';
import { TRUTH } from './truth.ts';
import { tableName } from '../table-name.ts';
import { suggestion } from '../suggestion.ts';

/** What to say of a name that means nothing where it stands, though it may mean something elsewhere. */
export function unknownName(tree: NameExpression, scope: Scope): Diagnostic {
  const {
    name: { text },
    span,
  } = tree;
  // Each would look through all names of the program.
  if (scope.report.isFull?.() === true) return finding(UNKNOWN_NAME, span, `there is no \`${text}\` here`);
  if (scope.lookups?.has(text) === true)
    return finding(UNKNOWN_NAME, span, `\`${text}\` is a lookup, not a value`, {
      label: 'not a value',
      help: `read one of its rows: \`${text}[key]?.field\``,
    });
  const enumeration = scope.enums.get(text);
  if (enumeration !== undefined)
    return finding(UNKNOWN_NAME, span, `\`${text}\` is an enum, not a value`, {
      label: 'not a value',
      help: `name one of its values: \`${text}.${enumeration.members[0]?.name ?? 'Name'}\``,
    });
  // Sources that cannot be named here have no name.
  const aliases = scope.aliases.filter(({ name }) => name !== '');
  const source = aliases.find(
    ({ row: { type } }) => type.kind === 'record' && type.of.fields.some((field) => field.name === text),
  );
  const later = scope.later?.fields.find((field) => field.name.text === text);
  if (scope.later !== undefined && later !== undefined) {
    const { record } = scope.later;
    const value = later.value === undefined ? undefined : shortText(later.value.span);
    return finding(
      UNKNOWN_NAME,
      span,
      `\`${text}\` is a field of ${record}, but \`where\` runs before its fields are computed`,
      {
        label: 'not computed yet',
        related: [{ span: later.name.span, text: 'computed only for the rows that `where` keeps' }],
        help: `write ${value === undefined ? 'its value' : `\`${value}\``} instead, or filter in a derivation from ${record}`,
      },
    );
  }
  const owner = [...scope.enums.values()].find(({ members }) => members.some(({ name }) => name === text));
  if (owner !== undefined)
    return finding(
      UNKNOWN_NAME,
      span,
      `\`${text}\` is a member of the enum ${owner.name}, and needs its name before it`,
      {
        label: 'not declared by itself',
        help: `write \`${owner.name}.${text}\``,
      },
    );
  if (NOTHING.has(text.toLowerCase()))
    return finding(UNKNOWN_NAME, span, `there is no \`${text}\` here`, {
      label: asIn(NOTHING.get(text.toLowerCase())),
      help: 'write `null`',
    });
  const truth = TRUTH.get(text.toLowerCase());
  if (truth !== undefined)
    return finding(UNKNOWN_NAME, span, `there is no \`${text}\` here`, {
      label: 'not declared',
      help: `write \`${truth}\``,
    });
  if (MOMENTS.has(text.toLowerCase()))
    return finding(UNKNOWN_NAME, span, `there is no \`${text}\` here`, {
      label: 'as in SQL',
      help: 'write `meta.received_at`, the time at which nomnom received the message',
    });
  const misplaced = misplacedName(tree, scope);
  if (misplaced !== undefined) return misplaced;
  const rows =
    source === undefined ? undefined : aliases.find(({ list }) => list === `${source.name}.${text}`);
  if (source !== undefined && rows !== undefined)
    return finding(
      UNKNOWN_NAME,
      span,
      `there is no \`${text}\` here: a row of \`${rows.list}\` is called \`${rows.name}\``,
      {
        label: 'the name of the list, not of its row',
        help: `write \`${rows.name}\``,
      },
    );
  if (source !== undefined)
    return finding(
      UNKNOWN_NAME,
      span,
      `there is no \`${text}\` here, but the source \`${source.name}\` has one`,
      { label: `needs \`${source.name}.\` before it`, help: `write \`${source.name}.${text}\`` },
    );
  const known = { [Symbol.iterator]: () => namesIn(scope) };
  return finding(UNKNOWN_NAME, span, `there is no \`${text}\` here`, {
    label: 'not declared',
    help: nearWord(text, known) ?? suggestion(text, known),
  });
}

/** `nul`, `flase`: a word of the language, where no name is as near. */
function nearWord(text: string, known: Iterable<string>): string | undefined {
  const word = closest(text, ['null', 'true', 'false']);
  return word === undefined || closest(text, known) !== undefined ? undefined : `did you mean \`${word}\`?`;
}

/** What a value could be called here. */
function* namesIn({ aliases, own, tables, enums }: Scope): Generator<string> {
  for (const { name } of aliases) if (name !== '') yield name;
  yield* own?.names ?? [];
  for (const table of tables ?? []) yield tableName(table);
  yield* enums.keys();
}

/** What no value is called elsewhere, and where. */
const NOTHING: ReadonlyMap<string, string> = new Map([
  ['undefined', 'TypeScript'],
  ['nil', 'Ruby'],
  ['none', 'Python'],
  ['nothing', 'Visual Basic'],
  ['null', 'SQL'],
]);

function asIn(language: string | undefined): string {
  return language === undefined ? 'not declared' : `as in ${language}`;
}

/** What the present is called elsewhere. */
const MOMENTS = new Set(['current_timestamp', 'sysdate', 'localtimestamp', 'getdate']);
