import { closest } from '../diagnostics/suggest.ts';
import type { RE2JS } from 're2js';
import {
  problem,
  resolvedNullable,
  type Argument,
  type FunctionDefinition,
  type Problem,
} from './function.ts';
import { aText, anIntOrText } from './support/pattern.ts';
import { regexPattern } from './support/regex-pattern.ts';
import { lengthOf, textOf } from './support/value-type.ts';

/** The number of a group that is written out as a number or by its name. */
function groupIn(regex: RE2JS, argument: Argument | undefined): number | Problem {
  const count = regex.groupCount();
  const written = argument?.literal ?? 0;
  if (typeof written === 'number')
    return written >= 0 && written <= count
      ? written
      : problem(
          2,
          `the pattern has no group ${written}`,
          `number of groups: ${count}; group 0 is the whole match`,
        );
  const names = regex.namedGroups();
  const number = Object.hasOwn(names, String(written)) ? names[String(written)] : undefined;
  if (number !== undefined) return number;
  const near = closest(String(written), Object.keys(names));
  const help = near === undefined ? 'name a group with `(?P<name>…)`' : `did you mean \`${near}\`?`;
  return problem(2, `the pattern has no group \`${String(written)}\``, help);
}

export const regexGroup: FunctionDefinition = {
  name: 'regex_group',
  group: 'patterns',
  doc: `The text of a group of a regular expression, in its first match in a text. A group has a number, counted by opening parentheses,
or a name, \`(?P<name>…)\`. Group 0 is the whole match. Null if the expression does not match, or if the group is not part of the
match. See \`regex_match\` for the syntax.`,
  parameters: [
    { name: 'text', takes: aText },
    { name: 'pattern', takes: aText, literal: true },
    { name: 'group', takes: anIntOrText, literal: true },
  ],
  returns: 'text?',
  resolve: ([text, argument, group]) => {
    const pattern = regexPattern(argument, 1);
    if (pattern.kind === 'problem') return pattern;
    const { regex } = pattern;
    const number = groupIn(regex, group);
    if (typeof number !== 'number') return number;
    return resolvedNullable(textOf(lengthOf(text?.type)), (value: string) => {
      const matcher = regex.matcher(value);
      return matcher.find() ? matcher.group(number) : null;
    });
  },
  examples: [
    { call: 'regex_group("CLINIC_20240131.hl7", "^([A-Z0-9]+)_([0-9]{8})", 1)', gives: 'CLINIC' },
    { call: 'regex_group("CLINIC_20240131.hl7", "_(?P<day>[0-9]{8})", "day")', gives: '20240131' },
    { call: 'regex_group("a1", "[a-z][0-9]", 0)', gives: 'a1' },
    { call: 'regex_group("none", "([0-9]+)", 1)', gives: null },
    { call: 'regex_group("b", "(a)|(b)", 1)', gives: null },
  ],
};
