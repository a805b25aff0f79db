import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** The findings of `match`. */

export const NOT_EXHAUSTIVE: CodeDescription = {
  code: 'NOM305',
  severity: 'error',
  title: 'a `match` does not cover every value',
  explanation: `Every value must have an arm, so that no message meets a case that nobody thought of. An enum and \`bool\` may be
covered value by value, everything else ends with \`else\`. A value that may be null needs an arm for \`null\`, or \`else\`.

\`\`\`nom
match status { Status.Open -> 1 }                        // wrong where there is Status.Paid
match status { Status.Open -> 1  Status.Paid -> 2 }      // right
match status { Status.Open -> 1  else -> 2 }             // right
\`\`\``,
};

export const UNREACHABLE_ARM: CodeDescription = {
  code: 'NOM306',
  severity: 'warning',
  title: 'an arm of a `match` is never reached',
  explanation: `The first arm whose pattern is the value counts. A second arm with the same pattern, or \`else\` where every value has
its arm, gives no result ever: mostly a value was meant to be another one.

\`\`\`nom
match kind { "A" -> 1  "A" -> 2  else -> 3 }             // wrong
match kind { "A" -> 1  "B" -> 2  else -> 3 }             // right
\`\`\``,
};
