import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { runOf } from './run.ts';

const uuid5 = runOf('uuid5', 'text', 'text');
const NIL = '00000000-0000-0000-0000-000000000000';

/** Version 5 as RFC 9562 describes it, byte by byte. */
function naive(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

test('uuid5 is version 5 of RFC 9562', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.string({ unit: 'grapheme' }), (namespace, name) => {
      expect(uuid5(namespace, name)).toBe(naive(namespace, name));
      expect(uuid5(namespace.toUpperCase(), name)).toBe(naive(namespace, name));
    }),
  );
  // The examples of RFC 9562 and of Python's documentation.
  expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
  expect(uuid5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'python.org')).toBe(
    '886313e1-3b8a-5372-9b90-0c9aee199e5d',
  );
});

test('several names are namespaces of each other, so that where they are cut matters', () => {
  const three = runOf('uuid5', 'text', 'text', 'text');
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (namespace, first, second) => {
      fc.pre(!/^[0-9a-f-]{36}$/i.test(namespace));
      expect(three(namespace, first, second)).toBe(naive(naive(naive(NIL, namespace), first), second));
    }),
  );
  expect(three('provider', 'ab', 'c')).not.toBe(three('provider', 'a', 'bc'));
});

test('a namespace that is written out gives what a computed one gives', () => {
  const literal = runOf('uuid5', 'text "provider"', 'text');
  expect(literal('provider', 'A1')).toBe(uuid5('provider', 'A1'));
});
