import { resolved, type FunctionDefinition } from './function.ts';
import { segmentName, segmentsIn } from './support/hl7-segments-in.ts';
import { aText } from './support/pattern.ts';
import { TEXT } from './support/value-type.ts';

export const hl7Segments: FunctionDefinition = {
  name: 'hl7_segments',
  group: 'hl7',
  doc: 'All segments with this name in an HL7 v2 message, in order, each in the form of `hl7_segment`. The list is empty if there are none.',
  parameters: [
    { name: 'message', takes: aText },
    { name: 'name', takes: aText, literal: true },
  ],
  returns: 'text[]',
  resolve: ([, argument]) => {
    const name = segmentName(argument, 1);
    if (typeof name !== 'string') return name;
    return resolved({ kind: 'list', element: TEXT }, (raw: string) => segmentsIn(raw, name));
  },
  examples: [
    {
      call: 'hl7_segments(raw, "DG1")',
      fields: 'raw: text',
      message: '{"raw": "MSH|^~\\\\&|A\\r\\nDG1|1||I10\\r\\nPV1|1\\r\\nDG1|2||E11\\r\\n"}',
      gives: ['DG1|1||I10', 'DG1|2||E11'],
    },
    {
      call: 'hl7_segments(raw, "DG1")',
      fields: 'raw: text',
      message: '{"raw": "MSH|^~\\\\&|A"}',
      gives: [],
    },
  ],
};
