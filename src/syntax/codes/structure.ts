import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/* Codes of faults in the order of words, outside of expressions. */

export const UNEXPECTED = {
  code: 'NOM006',
  severity: 'error',
  title: 'something is in the wrong place',
  explanation: `This cannot follow the words before it. The finding says what is expected here.

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
  title: 'a bracket is never closed',
  explanation: `Every \`{\`, \`(\` and \`[\` needs its closing bracket. Where it is missing is a guess, based on indentation. The finding shows the
opening bracket and the last place where it could be closed.

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
  title: 'a bracket closes nothing',
  explanation: `No bracket is open here. Either this bracket is one too many, or an earlier bracket closed its declaration too early.

Wrong:

    entity Order { id: int } }

Right:

    entity Order { id: int }`,
} as const satisfies CodeDescription;

export const UNKNOWN_KEYWORD = {
  code: 'NOM009',
  severity: 'error',
  title: 'an unknown keyword',
  explanation: `A declaration, and most items in its braces, start with a keyword. This word is not one of the keywords allowed here.

Wrong:

    entitty Order { id: int }

Right:

    entity Order { id: int }`,
} as const satisfies CodeDescription;

export const WRONG_SIGN = {
  code: 'NOM010',
  severity: 'error',
  title: 'a `:` or `=` is missing or wrong',
  explanation: `Write \`:\` between a name and its type, and between a setting and its value. Write \`=\` before the expression of a field, before
the text of an enum member, and before the pattern of a subject.

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
  title: 'a separator is in the wrong place',
  explanation: `The items in the braces of a declaration have no separator. Commas are used only in parentheses, lists and JSON, and between
the sources of a derivation. There are no semicolons.

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
  title: 'a reserved word is used as a name',
  explanation: `Ten words are reserved for expressions: \`and or not if then else match true false null\`. Every other word can be a
name. If a JSON key is a reserved word, give the field another name and read the key with \`@json\`.

Wrong:

    match: text

Right:

    match_id: text @json("match")`,
} as const satisfies CodeDescription;

export const MISSING_WORD = {
  code: 'NOM019',
  severity: 'error',
  title: 'a word or sign is missing',
  explanation: `The words before and after this place need one more word or sign between them.

Wrong:

    upsert (order_key) replace

Right:

    upsert on (order_key) replace`,
} as const satisfies CodeDescription;

export const ATTRIBUTE_PLACE = {
  code: 'NOM020',
  severity: 'error',
  title: 'an attribute is in the wrong place',
  explanation: `Write attributes after the type of a field, and after the name of an entity.

Wrong:

    @strict
    entity Order { @pii mail: text }

Right:

    entity Order @strict { mail: text @pii }`,
} as const satisfies CodeDescription;

export const IDLE_DOC = {
  code: 'NOM021',
  severity: 'warning',
  title: 'a doc comment is in the wrong place',
  explanation: `A comment with three slashes belongs to the declaration, field, store, subject or enum member on the lines after it. At the
end of a line it would belong to the next line. If none of these follows, its text is not used. Write two slashes for a comment to
the readers of the file.

Wrong:

    id: int /// the number on the invoice

Right:

    /// The number on the invoice.
    id: int`,
} as const satisfies CodeDescription;

export const TYPE_ORDER = {
  code: 'NOM023',
  severity: 'error',
  title: 'the parts of a type are in the wrong order',
  explanation: `A type is a name, then its parameters, then \`[]\` for a list, then \`?\` if it can be null. A list can be null; its elements
cannot.

Wrong:

    tags: text?[]

Right:

    tags: text[]?`,
} as const satisfies CodeDescription;
