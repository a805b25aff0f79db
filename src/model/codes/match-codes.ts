import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** The findings of `match`. */

export const NOT_EXHAUSTIVE: CodeDescription = {
  code: 'NOM305',
  severity: 'error',
  title: 'a `match` does not cover every value',
  explanation: `Every possible value needs an arm. For an enum or \`bool\`, list every value or write \`else\`. All other types need \`else\`. A
nullable value needs an arm for \`null\`, or \`else\`.

\`\`\`nom
match status { Status.Open -> 1 }                        // wrong if the enum also has Status.Paid
match status { Status.Open -> 1  Status.Paid -> 2 }      // right
match status { Status.Open -> 1  else -> 2 }             // right
\`\`\``,
};

export const UNREACHABLE_ARM: CodeDescription = {
  code: 'NOM306',
  severity: 'warning',
  title: 'an arm of a `match` is never reached',
  explanation: `The first arm with a matching pattern is used. A second arm with the same pattern is never used, and neither is \`else\` if every
value has an arm. Often one of the patterns has a typo.

\`\`\`nom
match kind { "A" -> 1  "A" -> 2  else -> 3 }             // wrong
match kind { "A" -> 1  "B" -> 2  else -> 3 }             // right
\`\`\``,
};
