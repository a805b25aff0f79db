import { noResult } from './support/no-result.ts';
import { problem, resolvedNullable, type FunctionDefinition } from './function.ts';
import { isHeader } from './support/hl7-encoding.ts';
import { unescape } from './support/hl7-escapes.ts';
import { hl7Path, partAt, type Hl7Path } from './support/hl7-path.ts';
import { aText } from './support/pattern.ts';
import { TEXT } from './support/value-type.ts';

/** How HL7 says that a value is deleted. A row knows only one way to have none. */
const DELETED = '""';

function textAt(segment: string, path: Hl7Path) {
  const part = partAt(segment, path);
  if (part === '' || part === DELETED) return null;
  // The characters that a header declares are not escapes of anything.
  const text = isHeader(segment) && path.field <= 2 ? part : unescape(part);
  if (text.includes('\0')) return noResult('an escape means U+0000, which a text cannot contain');
  return text === '' ? null : text;
}

export const hl7: FunctionDefinition = {
  name: 'hl7',
  group: 'hl7',
  doc: `The text at a place in a segment from \`hl7_segment\` or \`hl7_segments\`. \`"3"\` is field 3, \`"3.1"\` its component 1, \`"3.1.2"\`
subcomponent 2 of that. \`"3[2].1"\` is component 1 of the second repetition; without brackets it is the first repetition. In MSH,
field 1 is the separator and field 2 has the other encoding characters, so MSH-9 is \`"9"\`.

Null if the place is empty or has \`""\`, the mark of HL7 for a deleted value. A place with several parts gives all of them with
their separators: \`"5"\` of \`PID|||||Lee^Ann\` is \`Lee^Ann\`. Escapes are resolved: \`\\F\\\` \`\\S\\\` \`\\T\\\` \`\\R\\\` \`\\E\\\`, bytes as
\`\\X41\\\` (UTF-8 if they are valid UTF-8, otherwise ISO 8859-1), \`\\.br\\\` and \`\\.sp\\\` as line ends. \`\\H\\\` and \`\\N\\\` are removed.`,
  parameters: [
    { name: 'segment', takes: aText },
    { name: 'path', takes: aText, literal: true },
  ],
  returns: 'text?',
  fails: 'an escape means U+0000',
  resolve: ([, argument]) => {
    const path = hl7Path(String(argument?.literal));
    if (path === undefined)
      return problem(
        1,
        'this is not a valid place in an HL7 segment',
        'write for example `"3"`, `"3.1"`, `"3.1.2"` or `"3[2].1"`; all numbers count from 1',
      );
    return resolvedNullable(TEXT, (segment: string) => textAt(segment, path));
  },
  examples: [
    { call: 'hl7("PID|1||77^^^HOSP&1.2&ISO~88", "3.1")', gives: '77' },
    { call: 'hl7("PID|1||77^^^HOSP&1.2&ISO~88", "3.4.2")', gives: '1.2' },
    { call: 'hl7("PID|1||77^^^HOSP&1.2&ISO~88", "3[2].1")', gives: '88' },
    { call: 'hl7("PID|||||Lee^Ann", "5")', gives: 'Lee^Ann' },
    { call: 'hl7("PID|1||77", "2")', gives: null },
    { call: 'hl7("PID|1||77", "19")', gives: null },
    { call: 'hl7("PV1|\\"\\"", "1")', gives: null },
    { call: 'hl7("OBX|1|ST|||A \\\\T\\\\ B\\\\.br\\\\C", "5")', gives: 'A & B\nC' },
    { call: 'hl7("NTE|1||\\\\XC3A4\\\\\\\\XE4\\\\", "3")', gives: 'ää' },
    { call: 'hl7("MSH|^~\\\\&|ADT|HOSP", "2")', gives: '^~\\&' },
    { call: 'hl7("MSH|^~\\\\&|ADT|HOSP", "4")', gives: 'HOSP' },
    {
      call: 'hl7("NTE|1||\\\\X00\\\\", "3")',
      gives: { rejected: 'an escape means U+0000, which a text cannot contain' },
    },
  ],
};
