import fc from 'fast-check';

/** Characters that programs of other kinds stumble over. */
const odd = fc.constantFrom(
  ...[
    '\0',
    '\u0001',
    '\u001B',
    '\u007F',
    '\u0085',
    '\u00A0',
    '\u200B',
    '\u2028',
    '\u2029',
    '\uFEFF',
    '\uFFFE',
  ],
  ...[
    '\uD800',
    '\uDC00',
    '\uDFFF\uD800',
    '\u{1F600}',
    'é',
    'ß',
    'İ',
    '日',
    '\u0301',
    '\r',
    '\n',
    '\r\n',
    '\t',
    '\v',
  ],
  ...[
    '"',
    "'",
    '`',
    '\\',
    '\\u',
    '${',
    '}',
    '{',
    '(',
    ')',
    '[',
    ']',
    '//',
    '///',
    '/*',
    '*/',
    '#',
    '--',
    '|',
    '@',
  ],
);

const bytes = fc
  .uint8Array({ maxLength: 300 })
  .map((all) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(all));
const units = fc.array(fc.nat(0xffff), { maxLength: 200 }).map((all) => String.fromCharCode(...all));
const oddities = fc.array(odd, { maxLength: 200 }).map((all) => all.join(''));
const longLine = fc
  .tuple(fc.oneof(odd, fc.string({ maxLength: 5 })), fc.integer({ min: 1, max: 3000 }))
  .map(([part, times]) => part.repeat(times));

/** A text that nobody meant to be a program, alone or in the middle of one. */
export function byBytes(programs: readonly string[]): fc.Arbitrary<string> {
  const text = fc.oneof(bytes, units, oddities, longLine);
  const inside = fc
    .tuple(fc.constantFrom(...programs), fc.double({ min: 0, max: 1, noNaN: true }), text)
    .map(([program, share, part]) => {
      const at = Math.floor(share * program.length);
      return program.slice(0, at) + part + program.slice(at);
    });
  return fc.oneof(text, inside);
}
