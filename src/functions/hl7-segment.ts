import { resolvedNullable, type FunctionDefinition } from './function.ts';
import { segmentIn, segmentName } from './support/hl7-segments-in.ts';
import { aText } from './support/pattern.ts';
import { TEXT } from './support/value-type.ts';

export const hl7Segment: FunctionDefinition = {
  name: 'hl7_segment',
  group: 'hl7',
  doc: `The first segment of a name in an HL7 v2 message, for \`hl7\` to read; null where the message has none. Segments may end
with CR, LF or both; a line that begins with no name of a segment goes on with the one before. The encoding characters are those that the message declares in MSH-1 and MSH-2; the segment is given
in the standard ones, \`|^~\\&\`, with escapes where needed, so that it means the same wherever it goes.`,
  parameters: [
    { name: 'message', takes: aText },
    { name: 'name', takes: aText, literal: true },
  ],
  returns: 'text?',
  resolve: ([, argument]) => {
    const name = segmentName(argument, 1);
    if (typeof name !== 'string') return name;
    return resolvedNullable(TEXT, (raw: string) => segmentIn(raw, name));
  },
  examples: [
    {
      call: 'hl7_segment(raw, "PID")',
      fields: 'raw: text',
      message: '{"raw": "MSH|^~\\\\&|A\\rPID|1||77^^^HOSP\\r"}',
      gives: 'PID|1||77^^^HOSP',
    },
    {
      call: 'hl7_segment(raw, "PID")',
      fields: 'raw: text',
      message: '{"raw": "MSH#:~!+#A\\nPID#1##77:::A|B\\n"}',
      gives: 'PID|1||77^^^A\\F\\B',
    },
    {
      call: 'hl7_segment(raw, "PV1")',
      fields: 'raw: text',
      message: '{"raw": "MSH|^~\\\\&|A\\rPID|1"}',
      gives: null,
    },
  ],
};
