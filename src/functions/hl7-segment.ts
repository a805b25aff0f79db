import { resolvedNullable, type FunctionDefinition } from './function.ts';
import { segmentIn, segmentName } from './support/hl7-segments-in.ts';
import { aText } from './support/pattern.ts';
import { TEXT } from './support/value-type.ts';

export const hl7Segment: FunctionDefinition = {
  name: 'hl7_segment',
  group: 'hl7',
  doc: `The first segment with this name in an HL7 v2 message. Read its fields with \`hl7\`. Null if the message has none. Segments can
end with CR, LF or both. A line that does not start with the name of a segment continues the segment before it. The message
declares its encoding characters in MSH-1 and MSH-2. The result uses the standard ones, \`|^~\\&\`, with escapes where needed.`,
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
