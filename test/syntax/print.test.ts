import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenize } from '../../grammar/tokens.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import { formatFile } from '../../src/syntax/print/format.ts';
import { everyFile, pipelines, syntaxErrors } from './sources.ts';
import { stripped } from './stripped.ts';

const sound = everyFile.filter((source) => syntaxErrors(source).length === 0);

function format(text: string): string {
  const formatted = formatFile({ name: 'test.nom', text });
  if (formatted.kind === 'refused')
    throw new Error(formatted.findings.map((finding) => finding.message).join('\n'));
  return formatted.text;
}

function meaningOf(text: string): unknown {
  return stripped(parseFile({ name: 'test.nom', text }, () => {}));
}

function commentsOf(text: string): readonly string[] {
  const { comments, docs } = tokenize(text);
  return [...comments, ...docs]
    .sort((left, right) => left.startOffset - right.startOffset)
    .map((comment) => comment.image.trimEnd());
}

describe('one style', () => {
  test.each(['hl7', 'tpch'])('the language example %s.nom is written in it', (name) => {
    const text = readFileSync(new URL(`../examples/${name}.nom`, import.meta.url), 'utf8');
    expect(format(text)).toBe(text);
  });

  test.each(pipelines)('$name is written in it', ({ text }) => {
    expect(format(text)).toBe(text);
  });

  test('fields have columns for names, types and values; attributes stand behind their type', () => {
    const text = `derive Line from Order as o{
        ...o
      key:bigint=o.key
      customer_name : text( 79 )?=o . name
      mrn:text(10) @pii=  o.mrn
      // a comment does not end the columns
      id = 1
      longer=2

      x = 3
    }`;
    expect(format(text)).toBe(`derive Line from Order as o {
  ...o
  key:           bigint    = o.key
  customer_name: text(79)? = o.name
  mrn:           text(10) @pii = o.mrn
  // a comment does not end the columns
  id     = 1
  longer = 2

  x = 3
}
`);
  });

  test('what was written on one line stays on one where it fits, and else has a line for each item', () => {
    const fits = 'role ingest{publish S.ingest port:8080}';
    expect(format(fits)).toBe('role ingest { publish S.ingest  port: 8080 }\n');
    const long = `enum Status { ${'A'.repeat(40)} = "a" B = "${'b'.repeat(60)}" }`;
    expect(format(long)).toBe(`enum Status {
  ${'A'.repeat(40)} = "a"
  ${`B`.padEnd(40)} = "${'b'.repeat(60)}"
}
`);
  });

  test('a store on several lines has a line for each of its items', () => {
    const text = `entity A { id: int store a { key(id)
 upsert on(id)newest  by id } }`;
    expect(format(text)).toBe(`entity A {
  id: int
  store a {
    key (id)
    upsert on (id) newest by id
  }
}
`);
  });

  test('declarations of one kind on lines that follow each other open their braces in one column', () => {
    const text = 'enum A{X}\nenum Long{Y}\nrole r{publish S.a}\n\n\n\nenum B{Z}';
    expect(format(text)).toBe('enum A    { X }\nenum Long { Y }\nrole r { publish S.a }\n\nenum B { Z }\n');
  });

  test('comments stay where they were: before, behind and at the end; those behind share a column', () => {
    const text = `

    // first
    entity A{// opens


      id:int// short
      name: text      // longer



      // before nothing

    }
    // last   `;
    expect(format(text)).toBe(`// first
entity A {  // opens
  id:   int   // short
  name: text  // longer

  // before nothing
}
// last
`);
  });

  test('expressions keep the breaks that the writer chose', () => {
    const text = `derive A from B as b {
  total: int = if b.x > - 1 and not b . gone
  then b.x *
    (b.y+1)
  else count( b.list ,
    1 )
  kind: text = match b.kind { "A" -> "first" -1 -> "second" else -> upper(trim(b.kind)) }
  other: text = match b.kind {
"A" -> "first" "other" -> "second" else -> null }
}`;
    expect(format(text)).toBe(`derive A from B as b {
  total: int = if b.x > -1 and not b.gone
      then b.x
      * (b.y + 1)
      else count(b.list,
        1)
  kind:  text = match b.kind { "A" -> "first"  -1 -> "second"  else -> upper(trim(b.kind)) }
  other: text = match b.kind {
    "A"     -> "first"
    "other" -> "second"
    else    -> null
  }
}
`);
  });

  test('messages of tests are set as JSON, in the lines that the writer chose', () => {
    const text = `test "t" { given A {"a":1,"b":[ ],
"c":[{"d":-1,
"e":{}},
null]}
expect rejected NOM1
}`;
    expect(format(text)).toBe(`test "t" {
  given A { "a": 1, "b": [],
    "c": [{ "d": -1,
      "e": {} },
      null] }
  expect rejected NOM1
}
`);
  });

  test('an empty file stays empty, and empty braces stay closed', () => {
    expect(format('')).toBe('');
    expect(format('// only a comment')).toBe('// only a comment\n');
    expect(format('shape A {\n\n}')).toBe('shape A {}\n');
  });

  test('line ends of other systems become newlines', () => {
    expect(format('entity A {\r\n  id: int // x\r\n}\r\n')).toBe('entity A {\n  id: int  // x\n}\n');
  });
});

test('a file with errors of syntax is refused with its findings', () => {
  const formatted = formatFile({ name: 'bad.nom', text: 'entity A { id int }' });
  expect(formatted).toMatchObject({
    kind: 'refused',
    findings: [{ code: expect.stringMatching(/^NOM0/) as string }],
  });
});

describe('meaning', () => {
  test('every file of the project means the same afterwards, and formatting again changes nothing', () => {
    expect(sound.length).toBeGreaterThan(20);
    for (const { text } of sound) {
      const formatted = format(text);
      expect(meaningOf(formatted)).toEqual(meaningOf(text));
      expect(format(formatted)).toBe(formatted);
    }
  });

  test('whatever stands between the words, meaning and comments are kept and one pass is enough', () => {
    const gaps = [
      ' ',
      '\n',
      '\n\n\n',
      '\t',
      ' // note\n',
      '\n// own\n',
      '\n\n/// doc\n',
      '//tight\n',
      '\r\n',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...sound),
        fc.infiniteStream(fc.oneof({ weight: 6, arbitrary: fc.constant(' ') }, fc.constantFrom(...gaps))),
        ({ text }, spaces) => {
          const shuffled = tokenize(text)
            // A slash and a comment right behind it would be a doc comment.
            .tokens.map(
              (token) => `${token.image}${token.image.endsWith('/') ? ' ' : ''}${spaces.next().value}`,
            )
            .join('');
          const formatted = format(shuffled);
          expect(meaningOf(formatted)).toEqual(meaningOf(shuffled));
          expect(commentsOf(formatted)).toEqual(commentsOf(shuffled));
          expect(format(formatted)).toBe(formatted);
          expect(formatted).not.toMatch(/[ \t]\n|\n\n\n|\r/);
        },
      ),
      { numRuns: 300 },
    );
  });
});
