import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/* Codes of faults in expressions. */

export const ASSIGNMENT = {
  code: 'NOM012',
  severity: 'error',
  title: 'a single `=` in an expression',
  explanation: `Two values are compared with \`==\`. A single \`=\` says what a field is computed from, and stands only there.

Wrong:

    check status = "open"

Right:

    check status == "open"`,
} as const satisfies CodeDescription;

export const FOREIGN_SYNTAX = {
  code: 'NOM013',
  severity: 'error',
  title: 'written as in another language',
  explanation: `The language has one way to write each thing, in words where others have signs: \`and\`, \`or\`, \`not\`,
\`if … then … else …\`. Null is compared like any value, and functions are called with all their arguments in
parentheses.

Wrong:

    check paid && !(note is null)
    kind = urgent ? "A" : "B"
    code = raw.trim()

Right:

    check paid and note != null
    kind = if urgent then "A" else "B"
    code = trim(raw)`,
} as const satisfies CodeDescription;

export const CHAINED_COMPARISON = {
  code: 'NOM014',
  severity: 'error',
  title: 'comparisons in a chain',
  explanation: `A comparison gives true or false, and that is not what the next one is meant to compare. Write both
comparisons, joined by \`and\`.

Wrong:

    check 0 < quantity < 100

Right:

    check 0 < quantity and quantity < 100`,
} as const satisfies CodeDescription;

export const MISSING_EXPRESSION = {
  code: 'NOM016',
  severity: 'error',
  title: 'an expression is missing',
  explanation: `An operator, a \`=\` or a word before this place needs a value after it: a name, a number, text, a call, or
something in parentheses.

Wrong:

    total: decimal(15, 2) = price *

Right:

    total: decimal(15, 2) = price * quantity`,
} as const satisfies CodeDescription;

export const MISSING_ELSE = {
  code: 'NOM018',
  severity: 'error',
  title: 'an `if` without `else`',
  explanation: `An \`if\` is a value, and needs one in either case. Where there is nothing to give, say so: \`else null\`.

Wrong:

    kind: text? = if urgent then "A"

Right:

    kind: text? = if urgent then "A" else null`,
} as const satisfies CodeDescription;

export const TOO_DEEP = {
  code: 'NOM022',
  severity: 'error',
  title: 'a declaration that is nested too deeply',
  explanation: `Brackets may be nested a hundred levels deep, and operators may be chained a thousand times. What exceeds
that is not read at all, as it could exhaust the memory of the process. Name parts of it as fields or functions of
their own.`,
} as const satisfies CodeDescription;
