import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** The findings of calls beyond names and types. */

export const BAD_ARGUMENT: CodeDescription = {
  code: 'NOM320',
  severity: 'error',
  title: 'an argument has a value that the function cannot take',
  explanation: `Some arguments are part of the program and not of the data: a regular expression, a date pattern, a scale, a path, the
name of a segment. They are written out, and they are checked before anything runs, so that no message ever fails by them.

\`\`\`nom
day = parse_date(raw_day, "ddmmyyyy")     // wrong: mm is the minute
day = parse_date(raw_day, "ddMMyyyy")     // right
day = parse_date(raw_day, day_pattern)    // wrong: computed
code = regex_group(name, "([A-Z]+", 1)    // wrong: a parenthesis is not closed
\`\`\`

\`nomnom explain\` and the reference list what each function takes.`,
};
