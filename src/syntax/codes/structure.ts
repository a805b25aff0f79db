import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/* Codes of faults in how words follow each other, outside of expressions. */

export const UNEXPECTED = {
  code: 'NOM006',
  severity: 'error',
  title: 'something that does not belong where it stands',
  explanation: `The words before this place lead to expect something else. The finding says what could stand here.

Wrong:

    entity Order { key (id) }

Right:

    entity Order {
      id: int
      store orders { key (id)  upsert on (id) }
    }`,
} as const satisfies CodeDescription;

export const NEVER_CLOSED = {
  code: 'NOM007',
  severity: 'error',
  title: 'a bracket that is never closed',
  explanation: `Every \`{\`, \`(\` and \`[\` needs its counterpart. Where it is missing cannot be known for certain: the finding
shows the bracket that was opened, judged by indentation, and where it had to be closed at the latest.

Wrong:

    store orders {
      key (order_key

Right:

    store orders {
      key (order_key)
    }`,
} as const satisfies CodeDescription;

export const CLOSES_NOTHING = {
  code: 'NOM008',
  severity: 'error',
  title: 'a bracket that closes nothing',
  explanation: `Nothing is open here that this bracket could close. Either it is one too many, or an earlier one ended too
soon what it belongs to.

Wrong:

    entity Order { id: int } }

Right:

    entity Order { id: int }`,
} as const satisfies CodeDescription;

export const UNKNOWN_KEYWORD = {
  code: 'NOM009',
  severity: 'error',
  title: 'a word that begins nothing here',
  explanation: `Declarations, and many of the things inside their braces, begin with a word that says what they are. This word
is none of those that may stand here.

Wrong:

    entitty Order { id: int }

Right:

    entity Order { id: int }`,
} as const satisfies CodeDescription;

export const WRONG_SIGN = {
  code: 'NOM010',
  severity: 'error',
  title: 'a `:` or `=` is missing or mistaken',
  explanation: `A \`:\` stands between a name and its type, and between a setting and its value. A \`=\` stands before what a field
is computed from, before the text of an enum member, and before a subject's pattern.

Wrong:

    id int
    total == price * quantity

Right:

    id: int
    total = price * quantity`,
} as const satisfies CodeDescription;

export const SEPARATOR = {
  code: 'NOM011',
  severity: 'error',
  title: 'a separator where none belongs',
  explanation: `Nothing separates the things inside the braces of a declaration: every line may begin a new one. Commas stand
only in parentheses, lists, JSON, and between the sources of a derivation. There are no semicolons.

Wrong:

    id: int,
    note: text;

Right:

    id: int
    note: text`,
} as const satisfies CodeDescription;

export const RESERVED_WORD = {
  code: 'NOM015',
  severity: 'error',
  title: 'a reserved word where a name is needed',
  explanation: `Ten words are reserved, as expressions are made of them: \`and or not if then else match true false null\`. Any
other word may be a name. A field that has such a name in the JSON is read from there under another name.

Wrong:

    match: text

Right:

    match_id: text @json("match")`,
} as const satisfies CodeDescription;

export const MISSING_WORD = {
  code: 'NOM019',
  severity: 'error',
  title: 'a word or sign is missing',
  explanation: `What stands before and after this place fits together only with one more word or sign between them.

Wrong:

    upsert (order_key) replace

Right:

    upsert on (order_key) replace`,
} as const satisfies CodeDescription;

export const ATTRIBUTE_PLACE = {
  code: 'NOM020',
  severity: 'error',
  title: 'an attribute in the wrong place',
  explanation: `Attributes stand behind the type of a field, and behind the name of an entity.

Wrong:

    @strict
    entity Order { @pii mail: text }

Right:

    entity Order @strict { mail: text @pii }`,
} as const satisfies CodeDescription;

export const IDLE_DOC = {
  code: 'NOM021',
  severity: 'warning',
  title: 'a doc comment in the wrong place',
  explanation: `A comment with three slashes belongs to the declaration, field, store, subject or enum member that begins on
the lines after it. At the end of a line it would belong to what stands on the next one, and where nothing of
these follows, its text would reach nobody. A comment for the readers of the file has two slashes.

Wrong:

    id: int /// the number on the invoice

Right:

    /// The number on the invoice.
    id: int`,
} as const satisfies CodeDescription;

export const TYPE_ORDER = {
  code: 'NOM023',
  severity: 'error',
  title: 'the marks of a type in the wrong order',
  explanation: `A type is a name, then its parameters, then \`[]\` for a list, then \`?\` where it may be null. A list may be null;
its elements may not.

Wrong:

    tags: text?[]

Right:

    tags: text[]?`,
} as const satisfies CodeDescription;
