import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { resolved, type FunctionDefinition } from './function.ts';
import { aTextOrBytes } from './support/pattern.ts';
import { scalarName, textOf } from './support/value-type.ts';

const ofText = (text: string): string => hash('sha256', text, 'hex');
const ofBytes = (base64: string): string => hash('sha256', Buffer.from(base64, 'base64'), 'hex');

export const sha256: FunctionDefinition = {
  name: 'sha256',
  group: 'identity',
  doc: `The SHA-256 digest of a text in UTF-8, or of bytes, as 64 hexadecimal digits in lower case. A digest does not hide a
value that can be guessed, such as a name or the number of a patient.`,
  parameters: [{ name: 'value', takes: aTextOrBytes }],
  returns: 'text(64)',
  resolve: ([value]) => resolved(textOf(64), scalarName(value?.type) === 'bytes' ? ofBytes : ofText),
  examples: [
    { call: 'sha256("")', gives: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
    { call: 'sha256("abc")', gives: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    {
      call: 'sha256(file)',
      fields: 'file: bytes',
      message: '{"file": "YWJj"}',
      gives: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    },
  ],
};
