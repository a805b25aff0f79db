import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** The findings of calls, except for names and types. */

export const BAD_ARGUMENT: CodeDescription = {
  code: 'NOM320',
  severity: 'error',
  title: 'an argument has an invalid value, or is not a literal',
  explanation: `Some arguments must be literals: a regular expression, a date pattern, a scale, a path, the name of a segment. They are checked
with the program, so that no message fails because of them.

\`\`\`nom
day = parse_date(raw_day, "ddmmyyyy")     // wrong: mm is the minute
day = parse_date(raw_day, "ddMMyyyy")     // right
day = parse_date(raw_day, day_pattern)    // wrong: computed
code = regex_group(name, "([A-Z]+", 1)    // wrong: the parenthesis is not closed
\`\`\`

The reference lists the arguments of each function.`,
};
