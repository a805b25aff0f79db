import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/* Codes of faults inside one word. */

export const STRAY_CHARACTER = {
  code: 'NOM001',
  severity: 'error',
  title: 'an invalid character',
  explanation: `A \`.nom\` file has names, numbers, text in double quotes and a few signs. A name has only ASCII letters, digits and \`_\`, because it
becomes a column, a subject and a part of a URL and must be the same in all of them.

Wrong:

    entity Größe { wert: int }

Right:

    entity Groesse { wert: int @json("größe") }`,
} as const satisfies CodeDescription;

export const OPEN_TEXT = {
  code: 'NOM002',
  severity: 'error',
  title: 'text is never closed',
  explanation: `Text starts and ends with a double quote on the same line. Write \`\\n\` for a line break and \`\\"\` for a double quote.

Wrong:

    subject ingest = "shop.ingest.{entity}

Right:

    subject ingest = "shop.ingest.{entity}"`,
} as const satisfies CodeDescription;

export const BAD_ESCAPE = {
  code: 'NOM003',
  severity: 'error',
  title: 'text has an invalid escape',
  explanation: `Text has the escapes of JSON: \`\\" \\\\ \\/ \\b \\f \\n \\r \\t\` and \`\\u\` with four hexadecimal digits. A control
character, such as a tab, is written as an escape. Write two backslashes for one.

Wrong:

    code: text = regex_group(line, "(\\d+)", 1) ?? skip()

Right:

    code: text = regex_group(line, "(\\\\d+)", 1) ?? skip()`,
} as const satisfies CodeDescription;

export const BAD_NUMBER = {
  code: 'NOM004',
  severity: 'error',
  title: 'an invalid number, duration or size',
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
  title: 'text is not in double quotes',
  explanation: `Text is in straight double quotes, as in JSON. Word processors can turn them into curly quotes.

Wrong:

    check status != 'X'

Right:

    check status != "X"`,
} as const satisfies CodeDescription;

export const FOREIGN_COMMENT = {
  code: 'NOM017',
  severity: 'error',
  title: 'a comment of another language',
  explanation: `A comment starts with \`//\` and ends with its line. A comment with three slashes documents the item after it, and also
reaches the database.

Wrong:

    /* one message, many rows */
    # one message, many rows

Right:

    // one message, many rows`,
} as const satisfies CodeDescription;
