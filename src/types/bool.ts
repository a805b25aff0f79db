import type { ColumnType, Decoder } from './column-type.ts';
import { wrongType } from './found.ts';

const decode: Decoder = (json) => (typeof json === 'boolean' ? json : wrongType('true or false', json));

export const bool: ColumnType = {
  name: 'bool',
  doc: '`true` or `false`. A string or a number is rejected.',
  parameters: [],
  parametersRequired: false,
  literal: 'boolean',
  decoder: () => decode,
  toText: (value) => (value === true ? 'true' : 'false'),
  bare: true,
  toJson: (value) => value,
  key: true,
  typescript: 'boolean',
  jsonSchema: () => ({ type: 'boolean' }),
  examples: {
    accepted: [
      { json: 'true', text: 'true' },
      { json: 'false', text: 'false' },
    ],
    rejected: [
      { json: '"true"', code: 'wrong_type' },
      { json: '1', code: 'wrong_type' },
      { json: '0', code: 'wrong_type' },
    ],
  },
};
