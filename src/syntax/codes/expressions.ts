import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/* Codes of faults in expressions. */

export const ASSIGNMENT = {
  code: 'NOM012',
  severity: 'error',
  title: 'a single `=` in an expression',
  explanation: `Use \`==\` to compare two values. A single \`=\` is only used between a field and its expression.

Wrong:

    check status = "open"

Right:

    check status == "open"`,
} as const satisfies CodeDescription;

export const FOREIGN_SYNTAX = {
  code: 'NOM013',
  severity: 'error',
  title: 'syntax of another language',
  explanation: `There is one way to write each thing. Logical operators are words: \`and\`, \`or\`, \`not\`, \`if … then … else …\`. Null is compared
like any other value. A function call has all its arguments in parentheses.

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
  explanation: `A comparison gives true or false, and the next comparison would compare that. Write two comparisons, joined by \`and\`.

Wrong:

    check 0 < quantity < 100

Right:

    check 0 < quantity and quantity < 100`,
} as const satisfies CodeDescription;

export const MISSING_EXPRESSION = {
  code: 'NOM016',
  severity: 'error',
  title: 'an expression is missing',
  explanation: `The operator, \`=\` or word before this place needs a value after it: a name, a number, text, a call, or an expression in
parentheses.

Wrong:

    total: decimal(15, 2) = price *

Right:

    total: decimal(15, 2) = price * quantity`,
} as const satisfies CodeDescription;

export const MISSING_ELSE = {
  code: 'NOM018',
  severity: 'error',
  title: 'an `if` without `else`',
  explanation: `An \`if\` is a value, so it needs a value in both cases. If there is none, write \`else null\`.

Wrong:

    kind: text? = if urgent then "A"

Right:

    kind: text? = if urgent then "A" else null`,
} as const satisfies CodeDescription;

export const TOO_DEEP = {
  code: 'NOM022',
  severity: 'error',
  title: 'a declaration is nested too deeply',
  explanation: `Brackets can be nested a hundred levels deep, and a thousand operators can be chained. A larger expression is not read, because
it could exhaust the memory of the process. Move parts of it into separate fields or functions. For the same reason functions can call
each other through a thousand levels, and shapes can spread each other through a hundred.`,
} as const satisfies CodeDescription;
