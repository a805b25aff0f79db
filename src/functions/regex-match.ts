import { resolved, type FunctionDefinition } from './function.ts';
import { aText } from './support/pattern.ts';
import { regexPattern } from './support/regex-pattern.ts';
import { BOOL } from './support/value-type.ts';

export const regexMatch: FunctionDefinition = {
  name: 'regex_match',
  group: 'patterns',
  doc: `True if a regular expression matches anywhere in a text. \`^\` and \`$\` match its start and end. The syntax is that of RE2, which
runs in linear time and has no backreferences and no lookaround. \`(?i)\` at the start ignores case. \`(?s)\` lets a dot match a line
end. Write two backslashes for one, because the expression is in a string.`,
  parameters: [
    { name: 'text', takes: aText },
    { name: 'pattern', takes: aText, literal: true },
  ],
  returns: 'bool',
  resolve: ([, argument]) => {
    const pattern = regexPattern(argument, 1);
    if (pattern.kind === 'problem') return pattern;
    return resolved(BOOL, (text: string) => pattern.regex.matcher(text).find());
  },
  examples: [
    { call: 'regex_match("DE-1044", "^[A-Z]{2}-[0-9]+$")', gives: true },
    { call: 'regex_match("DE-1044\\n", "^[A-Z]{2}-[0-9]+$")', gives: false },
    { call: 'regex_match("an express parcel", "(?i)EXPRESS")', gives: true },
    { call: 'regex_match("12 34", "^\\\\d+\\\\s\\\\d+$")', gives: true },
  ],
};
