import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/* Codes of faults inside one word: what the file says there is no word of the language. */

export const STRAY_CHARACTER = {
  code: 'NOM001',
  severity: 'error',
  title: 'a character that belongs to no word of the language',
  explanation: `A \`.nom\` file is made of names, numbers, text in double quotes and a few signs. Outside of text and
comments only plain ASCII letters, digits and \`_\` make names: a name becomes a column, a subject and a part of
a URL, and has to be the same in all of them.

Wrong:

    entity Größe { wert: int }

Right:

    entity Groesse { wert: int @json("größe") }`,
} as const satisfies CodeDescription;

export const OPEN_TEXT = {
  code: 'NOM002',
  severity: 'error',
  title: 'text that is never closed',
  explanation: `Text begins and ends with a double quote on the same line. A line break inside is written \`\\n\`, a double
quote \`\\"\`.

Wrong:

    subject ingest = "shop.ingest.{entity}

Right:

    subject ingest = "shop.ingest.{entity}"`,
} as const satisfies CodeDescription;

export const BAD_ESCAPE = {
  code: 'NOM003',
  severity: 'error',
  title: 'text with an escape that JSON does not have',
  explanation: `Text has the escapes of JSON: \`\\" \\\\ \\/ \\b \\f \\n \\r \\t\` and \`\\u\` with four hexadecimal digits. A control
character, such as a tab, is written as an escape. A backslash that is meant as such is doubled.

Wrong:

    code: text = regex_group(line, "(\\d+)", 1) ?? skip()

Right:

    code: text = regex_group(line, "(\\\\d+)", 1) ?? skip()`,
} as const satisfies CodeDescription;

export const BAD_NUMBER = {
  code: 'NOM004',
  severity: 'error',
  title: 'a number, duration or size that cannot be read',
  explanation: `Numbers are written as in JSON: no leading zeros, no underscores, no hexadecimal digits. A duration is a whole
number with \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`; a size is one with \`KB\`, \`MB\` or \`GB\`, powers of 1024.

Wrong:

    max_age: 7days
    max_bytes: 1.5GB

Right:

    max_age: 7d
    max_bytes: 1536MB`,
} as const satisfies CodeDescription;

export const WRONG_QUOTES = {
  code: 'NOM005',
  severity: 'error',
  title: 'text that does not stand in double quotes',
  explanation: `Text stands in straight double quotes, as in JSON. Word processors like to turn these into curly ones.

Wrong:

    check status != 'X'

Right:

    check status != "X"`,
} as const satisfies CodeDescription;

export const FOREIGN_COMMENT = {
  code: 'NOM017',
  severity: 'error',
  title: 'a comment as other languages have it',
  explanation: `A comment begins with \`//\` and ends with its line. A comment with three slashes documents what follows it, and
reaches the database as well.

Wrong:

    /* one message, many rows */
    # one message, many rows

Right:

    // one message, many rows`,
} as const satisfies CodeDescription;
