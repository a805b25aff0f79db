import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/property-runs.ts';
import { runOf } from './run.ts';

const at = (path: string) => runOf('hl7', 'text', `text "${path}"`);
const segment = (name: string) => runOf('hl7_segment', 'text', `text "${name}"`);
const segments = (name: string) => runOf('hl7_segments', 'text', `text "${name}"`);

/** Five different characters to structure a message, the standard ones among them. */
const encodings = fc
  .uniqueArray(fc.constantFrom('|', '^', '~', '\\', '&', '#', '!', ':', '@', '*', '$', '%', '+', '.'), {
    minLength: 5,
    maxLength: 5,
  })
  .map(([field = '', component = '', repetition = '', escape = '', subcomponent = '']) => ({
    field,
    component,
    repetition,
    escape,
    subcomponent,
  }));

type Encoding = typeof encodings extends fc.Arbitrary<infer E> ? E : never;

/** A text as a sender writes it who escapes everything that structures. */
function escaped(text: string, encoding: Encoding): string {
  const names = new Map([
    [encoding.field, 'F'],
    [encoding.component, 'S'],
    [encoding.repetition, 'R'],
    [encoding.escape, 'E'],
    [encoding.subcomponent, 'T'],
  ]);
  return [...text]
    .map((character) => {
      const name = names.get(character);
      return name === undefined ? character : encoding.escape + name + encoding.escape;
    })
    .join('');
}

const content = fc
  .array(fc.constantFrom('|', '^', '~', '\\', '&', '#', '!', ':', 'F', 'S', 'X41', 'ä', '🚀', ' ', '"'), {
    maxLength: 6,
  })
  .map((pieces) => pieces.join(''))
  .filter((text) => text !== '""');

/** fields × repetitions × components × subcomponents */
const fields = fc.array(
  fc.array(fc.array(fc.array(content, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 3,
  }),
  { minLength: 1, maxLength: 4 },
);

function written(
  values: readonly (readonly (readonly (readonly string[])[])[])[],
  encoding: Encoding,
): string {
  const { field, component, repetition, subcomponent } = encoding;
  return values
    .map((repetitions) =>
      repetitions
        .map((components) =>
          components
            .map((parts) => parts.map((text) => escaped(text, encoding)).join(subcomponent))
            .join(component),
        )
        .join(repetition),
    )
    .join(field);
}

test('every part of a segment is read back, whatever characters structure the message and end its lines', () => {
  fc.assert(
    fc.property(encodings, fields, fc.constantFrom('\r', '\n', '\r\n'), (encoding, values, end) => {
      const { field, component, repetition, escape, subcomponent } = encoding;
      const header = `MSH${field}${component}${repetition}${escape}${subcomponent}${field}SENDER`;
      const raw = [header, `ZZZ${field}1`, `ZXX${field}${written(values, encoding)}`, ''].join(end);
      const found = segment('ZXX')(raw);
      values.forEach((repetitions, f) =>
        repetitions.forEach((components, r) =>
          components.forEach((parts, c) =>
            parts.forEach((text, s) => {
              const path = `${f + 1}[${r + 1}].${c + 1}.${s + 1}`;
              expect([path, at(path)(found)]).toEqual([path, text === '' ? null : text]);
            }),
          ),
        ),
      );
      expect(at(`${values.length + 1}`)(found)).toBeNull();
      expect(at('3')(segment('MSH')(raw))).toBe('SENDER');
      expect(at('2')(segment('MSH')(raw))).toBe('^~\\&');
    }),
    { numRuns: runs(2000) },
  );
});

test('a segment means the same once it is taken for a message of its own', () => {
  fc.assert(
    fc.property(encodings, fields, (encoding, values) => {
      const { field, component, repetition, escape, subcomponent } = encoding;
      const raw = `MSH${field}${component}${repetition}${escape}${subcomponent}\rZXX${field}${written(values, encoding)}`;
      const found = segment('ZXX')(raw);
      expect(segment('ZXX')(found)).toBe(found);
    }),
  );
});

test('any text at all is read without an exception', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      (text, header) => {
        const raw = `MSH${header}\rPID${header.slice(0, 1)}${text}`;
        for (const found of segments('PID')(raw) as readonly string[])
          for (const path of ['1', '2', '3[2].1', '1.1.1'])
            expect(typeof (at(path)(found) ?? '')).toBe('string');
      },
    ),
    { numRuns: runs(2000) },
  );
});

const ADT = [
  'MSH|^~\\&|ADT|CLINIC|LAB|CLINIC|20240131103000||ADT^A01|4711|P|2.5',
  'PID|1||77^^^HOSP&1.2.3&ISO^MR~88^^^SSA||Lee^Ann^""||19800229|F|||1 Main St\\.br\\c/o Smith \\T\\ Sons',
  'DG1|1||I10^Hypertension^ICD10|||A',
  'DG1|2||E11.9^Diabetes^ICD10|||W',
].join('\r');

test('an admission is read as a person would read it', () => {
  const pid = segment('PID')(ADT);
  expect(
    ['3.1', '3.4', '3.4.2', '3[2].1', '3[2].4', '3[3]', '5', '5.2', '5.3', '4', '30'].map((path) =>
      at(path)(pid),
    ),
  ).toEqual(['77', 'HOSP&1.2.3&ISO', '1.2.3', '88', 'SSA', null, 'Lee^Ann^""', 'Ann', null, null, null]);
  expect(at('11')(pid)).toBe('1 Main St\nc/o Smith & Sons');
  expect(at('9.2')(segment('MSH')(ADT))).toBe('A01');
  expect((segments('DG1')(ADT) as readonly string[]).map((dg1) => at('3.1')(dg1))).toEqual(['I10', 'E11.9']);
  expect(segment('PV1')(ADT)).toBeNull();
  expect(segments('PV1')(ADT)).toEqual([]);
});

test('a frame of MLLP, a byte order mark and empty lines are no part of a message', () => {
  const raw = `\v\ufeff${ADT.replaceAll('\r', '\r\n\r\n')}\r\u001c\r`;
  expect(at('3')(segment('MSH')(raw))).toBe('ADT');
  expect(segments('DG1')(raw)).toHaveLength(2);
  expect(at('6')(segment('DG1')(`${ADT}\u001c`.replace('DG1|2', 'DG9|2')))).toBe('A');
});

test('each message of a file has its own characters', () => {
  const raw = 'FHS|^~\\&|A\rMSH#:~!+#B\rPID#1##7:8\rMSH|^~\\&|C\rPID|1||9^0';
  expect(segments('PID')(raw)).toEqual(['PID|1||7^8', 'PID|1||9^0']);
  expect(segments('MSH')(raw)).toEqual(['MSH|^~\\&|B', 'MSH|^~\\&|C']);
});

test('a line end that a sender did not escape is a line end of the text', () => {
  const raw = 'MSH|^~\\&|A\rNTE|1||first line\nsecond | line\n\nTHIRD line\rPID|1\n';
  expect(at('3')(segment('NTE')(raw))).toBe('first line\nsecond ');
  expect(at('4')(segment('NTE')(raw))).toBe(' line\nTHIRD line');
  expect(at('1')(segment('PID')(raw))).toBe('1');
  expect(segment('PID')('no message\nat all')).toBeNull();
});

test('a name is a whole name', () => {
  expect(segment('PID')('MSH|^~\\&\rPV1|1\rPIDX|1\rPID|2')).toBe('PID|2');
  expect(segment('PID')('MSH|^~\\&\rPID')).toBe('PID');
});

test('senders that do not escape lose nothing', () => {
  expect(at('3')('NTE|1||C:\\dir\\file \\ 5')).toBe('C:\\dir\\file \\ 5');
  expect(at('3')('NTE|1||\\Zkeep\\ \\H\\bold\\N\\ \\E\\\\F\\')).toBe('\\Zkeep\\ bold \\|');
  expect(at('3')('NTE|1||\\C\\F\\')).toBe('\\C|');
  expect(at('3')(segment('NTE')('MSH#:~!+\rNTE#1##wow! 5 | 6'))).toBe('wow! 5 | 6');
});

test('bytes are UTF-8 where they can be, else ISO 8859-1', () => {
  expect(at('1')('NTE|\\XC3A4\\')).toBe('ä');
  expect(at('1')('NTE|\\XC3\\\\XA4\\')).toBe('ä');
  expect(at('1')('NTE|\\XE4\\')).toBe('ä');
  expect(at('1')('NTE|\\X0\\')).toBe('\\X0\\');
  expect(at('1')('NTE|a\\X0D0A\\b')).toBe('a\r\nb');
  expect(at('1')('NTE|\\X00\\')).toBe('failed');
});
