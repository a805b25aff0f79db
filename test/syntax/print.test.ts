import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenize } from '../../grammar/tokens.ts';
import { parseFile } from '../../src/syntax/parse.ts';
import { formatFile } from '../../src/syntax/print/format.ts';
import { runs } from '../support/property-runs.ts';
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

/** Expressions of every kind, on one line, with no word or chain of names longer than 12 characters. */
const { expressions } = fc.letrec<{ expressions: string }>((tie) => {
  const inner = tie('expressions');
  const items = fc.array(inner, { minLength: 1, maxLength: 4 });
  return {
    expressions: fc.oneof(
      { depthSize: 'small', maxDepth: 5, withCrossShrink: true },
      fc.constantFrom('a', 'order.total', '"a text"', '12.50', 'null', 'Size.Large', '-1'),
      fc
        .tuple(fc.constantFrom('or', 'and', '??', '+', '*'), items)
        .map(([operator, operands]) => operands.map((operand) => `(${operand})`).join(` ${operator} `)),
      fc
        .tuple(fc.constantFrom('f', 'concat'), items)
        .map(([name, values]) => `${name}(${values.join(', ')})`),
      fc.tuple(inner, inner, inner).map(([test, yes, no]) => `if ${test} then ${yes} else ${no}`),
      fc.tuple(inner, inner).map(([left, right]) => `(${left}) == f(${right})`),
      items.map(
        (values) => `match a { ${values.map((value, at) => `${at} -> (${value})`).join(' ')} else -> 0 }`,
      ),
    ),
  };
});

/** A text in which every name with a `_` is longer, each by the next of the given numbers. */
function withLongNames(text: string, more: readonly number[]): string {
  let end = 0;
  let longer = '';
  for (const [at, { image, startOffset }] of tokenize(text).tokens.entries()) {
    const isName = /^\w+_\w+$/.test(image) && image !== 'dead_letter';
    longer += text.slice(end, startOffset) + image + (isName ? 'x'.repeat(more[at % more.length] ?? 0) : '');
    end = startOffset + image.length;
  }
  return longer + text.slice(end);
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

  test('an order has a line of its own, or stands two spaces from what is before it', () => {
    expect(format('entity A{id:int ordered   by(id ,b)b:int}')).toBe(
      'entity A { id: int  ordered by (id, b)  b: int }\n',
    );
    expect(
      format('secret  A\nsecret B\nentity A{signed   by hmac( A ,"x",sha256 , hex )on_refused  :answer}'),
    ).toBe('secret A\nsecret B\nentity A { signed by hmac(A, "x", sha256, hex)  on_refused: answer }\n');
    expect(format('entity A{\nid:int ordered by\n(id)}')).toBe(
      'entity A {\n  id: int\n  ordered by (id)\n}\n',
    );
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

  test('what is too long for a line breaks from outside to inside: operators, then and else, arguments', () => {
    const text = `fn rate(country: text(2), category: Category) -> decimal(5, 4) = Rates[country]?.rate ?? fail("no rate is listed")
derive Line from Order as o, each o.lines as line where o.state == "placed" and line.quantity > 0 and not line.cancelled {
  id = uuid5("line", o.shop, o.number, line.number)
  net: decimal(20, 2) = line.quantity * line.unit_price - sum(line.discounts.amount) + sum(line.surcharges.amount)
  weight: bigint? = if count(o.parcels.weight_grams) == count(o.parcels) then sum(o.parcels.weight_grams) else null
  kind: text(20) = if o.kind == "E" then "express" else if o.kind == "S" then "standard" else if o.kind == "P" then "pickup" else "other"
  label: text(200) = concat(upper(trim(o.customer.name)), ", ", truncate(clean(o.customer.address.street), 40), " ", o.customer.zip)
  speed = match line.carrier { "post" -> "standard parcel" "courier" -> "within a working day" "pickup" -> "as you like" }
  check line.quantity > 0 and line.unit_price >= 0 and (line.code != "" or line.name != "") "a line has a quantity and a price"
  store lines { key (id) upsert on (id) delete when o.cancelled_at != null or line.cancelled_at != null and line.quantity == 0 }
}`;
    expect(format(text)).toBe(`fn rate(country: text(2), category: Category) -> decimal(5, 4) =
    Rates[country]?.rate ?? fail("no rate is listed")
derive Line from Order as o, each o.lines as line
    where o.state == "placed" and line.quantity > 0 and not line.cancelled {
  id = uuid5("line", o.shop, o.number, line.number)
  net: decimal(20, 2) = line.quantity * line.unit_price
      - sum(line.discounts.amount)
      + sum(line.surcharges.amount)
  weight: bigint? = if count(o.parcels.weight_grams) == count(o.parcels)
      then sum(o.parcels.weight_grams)
      else null
  kind: text(20) = if o.kind == "E" then "express"
      else if o.kind == "S" then "standard"
      else if o.kind == "P" then "pickup"
      else "other"
  label: text(200) = concat(
    upper(trim(o.customer.name)),
    ", ",
    truncate(clean(o.customer.address.street), 40),
    " ",
    o.customer.zip
  )
  speed = match line.carrier {
    "post"    -> "standard parcel"
    "courier" -> "within a working day"
    "pickup"  -> "as you like"
  }
  check line.quantity > 0 and line.unit_price >= 0 and (line.code != "" or line.name != "")
      "a line has a quantity and a price"
  store lines {
    key (id)
    upsert on (id)
    delete when o.cancelled_at != null or line.cancelled_at != null and line.quantity == 0
  }
}
`);
  });

  test('what is still too long breaks once more, further in', () => {
    const long = (name: string): string => `${name}_${'x'.repeat(40)}`;
    const text = `derive A from B as b {
  one: bool = ${long('a')} == 1 and ${long('b')} == 2 or ${long('c')} == f(${long('d')}, ${long('e')} + ${long('f')} + 1)
  two: int = if ${long('a')} == 1 or ${long('b')} == 2 then ${long('c')} else if ${long('d')} then ${long('e')} + ${long('f')} + 1 else 0
}`;
    expect(format(text)).toBe(`derive A from B as b {
  one: bool = ${long('a')} == 1
        and ${long('b')} == 2
      or ${long('c')}
        == f(
          ${long('d')},
          ${long('e')} + ${long('f')} + 1
        )
  two: int = if ${long('a')} == 1
        or ${long('b')} == 2
        then ${long('c')}
      else if ${long('d')}
        then ${long('e')} + ${long('f')} + 1
      else 0
}
`);
  });

  test('a line that columns make too long is broken as well; what cannot be shorter stays', () => {
    const text = `derive A from B as b {
  a: int = f(b.first_of_the_arguments, b.second_of_the_arguments, b.third_of_them)
  ${'n'.repeat(50)}: text = "${'t'.repeat(80)}"
}`;
    expect(format(text)).toBe(`derive A from B as b {
  a: int = f(
    b.first_of_the_arguments,
    b.second_of_the_arguments,
    b.third_of_them
  )
  ${'n'.repeat(50)}: text = "${'t'.repeat(80)}"
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

  test('however long names are, meaning and comments are kept and one pass is enough', () => {
    fc.assert(
      fc.property(
        fc.nat(sound.length - 1),
        fc.array(fc.integer({ min: 0, max: 45 }), { minLength: 1 }),
        (index, more) => {
          const text = withLongNames(sound[index]?.text ?? '', more);
          const formatted = format(text);
          expect(meaningOf(formatted)).toEqual(meaningOf(text));
          expect(commentsOf(formatted)).toEqual(commentsOf(text));
          expect(format(formatted)).toBe(formatted);
        },
      ),
      { numRuns: runs(200) },
    );
  });

  test('an expression of short words never has a line that is too long', () => {
    fc.assert(
      fc.property(expressions, (expression) => {
        const text = `entity A { b: int = ${expression} check ${expression} "m" }\nfn f(s: text) -> int = ${expression}`;
        const formatted = format(text);
        expect(meaningOf(formatted)).toEqual(meaningOf(text));
        expect(format(formatted)).toBe(formatted);
        expect(formatted.split('\n').filter((line) => line.length > 110)).toEqual([]);
      }),
      { numRuns: runs(300) },
    );
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
        fc.constantFrom([0], [0, 40, 15]),
        fc.infiniteStream(fc.oneof({ weight: 6, arbitrary: fc.constant(' ') }, fc.constantFrom(...gaps))),
        ({ text }, more, spaces) => {
          const shuffled = tokenize(withLongNames(text, more))
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
      { numRuns: runs(300) },
    );
  });
});
