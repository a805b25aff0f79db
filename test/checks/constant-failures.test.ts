import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenize } from '../../grammar/tokens.ts';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { expression, FIELDS } from '../conformance/generated-expression.ts';
import { evaluate } from '../plan/evaluating.ts';
import { runs } from '../support/property-runs.ts';

/** What stands for each field of a generated expression. */
const literals = fc.record({
  i: fc.constantFrom('1', '0', '2147483647', '(-7)'),
  j: fc.constantFrom('3', '0', 'null'),
  b: fc.constantFrom('5', '9223372036854775807', '0'),
  d: fc.constantFrom('1.25', '0.00', '9999999999.99'),
  e: fc.constantFrom('0.500000', 'null'),
  t: fc.constantFrom('"a"', '"abc"', '""'),
  u: fc.constantFrom('"a"', '"zz"', 'null'),
  y: fc.constantFrom('parse_date("2000-02-29", "yyyy-MM-dd")', 'parse_date("2001-02-29", "yyyy-MM-dd")'),
  z: fc.constantFrom('true', 'false'),
});

function withLiterals(text: string, values: Readonly<Record<string, string>>): string {
  let result = '';
  let end = 0;
  for (const { image, startOffset } of tokenize(text).tokens) {
    result += text.slice(end, startOffset) + (values[image] ?? image);
    end = startOffset + image.length;
  }
  return result;
}

const texts = fc.constantFrom(
  ...['parse_int("7")', 'parse_int("x")', 'twice(parse_int("8"))', 'twice(2000000000)', 'length("abc")'],
  ...[
    'half(0)',
    'half(2)',
    'date_part("day", parse_date("30.02.2026", "dd.MM.yyyy"))',
    'try(parse_int("x"), 1)',
  ],
  ...[
    'parse_int(try(upper("x"), "1"))',
    'if length("a") > 0 then 1 else parse_int("x")',
    'count(split("a,b", ","))',
  ],
);
const constant = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(expression, literals).map(([{ nom }, values]) => withLiterals(nom, values)),
  },
  { weight: 1, arbitrary: texts },
  fc.tuple(texts, texts).map(([left, right]) => `(${left}) + (${right})`),
);

const FUNCTIONS = 'fn twice(n: int) -> int = n * 2  fn half(n: int) -> int = 1 % n';

function errorsIn(text: string): readonly string[] {
  const { findings } = analyze({ name: 'constant.nom', text });
  return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

function findingsIn(
  value: string,
  own = '',
  before = '',
): { readonly codes: readonly string[]; readonly rejected: () => boolean } {
  const text = `${FUNCTIONS}
    entity T { id: int  flag: bool  ${before} }
    derive R from T as s { id = s.id  ${own}  v = ${value}  store t { key (id)  upsert on (id) } }`;
  const { program, findings } = analyze({ name: 'constant.nom', text });
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return {
    codes: [...new Set(errors)],
    rejected: () =>
      evaluate(compilePlan(program, 'constant.nom'), { body: { id: 1, flag: true } }).kind === 'rejected',
  };
}

test('a constant is reported exactly where the evaluator cannot compute it', () => {
  const met = { fails: 0, fine: 0 };
  fc.assert(
    fc.property(constant, (value) => {
      const { codes, rejected } = findingsIn(value);
      // What has no type, and what other codes report, is never evaluated.
      if (codes.some((code) => code !== 'NOM313')) return;
      const fails = codes.length > 0;
      met[fails ? 'fails' : 'fine'] += 1;
      expect([value, fails]).toEqual([value, rejected()]);
    }),
    { numRuns: runs(3000) },
  );
  expect(Math.min(met.fails, met.fine)).toBeGreaterThan(runs(100));
});

/** The same value where its constants have names: in fields of the record, or of the record that it is derived from. */
const named = fc
  .tuple(expression, literals, fc.record(Object.fromEntries(FIELDS.map(({ name }) => [name, fc.nat(2)]))))
  .map(([{ nom }, values, places]) => {
    const declared = (place: number): string =>
      FIELDS.filter(({ name }) => places[name] === place)
        .map(({ name, type }) => `${name}: ${type} = ${values[name]}`)
        .join('  ');
    const read = Object.fromEntries(
      FIELDS.map(({ name }) => [name, [values[name], name, `s.${name}`][places[name] ?? 0] ?? name]),
    );
    return { value: withLiterals(nom, read), own: declared(1), before: declared(2) };
  });

test('a constant that has a name is reported exactly where the evaluator cannot compute it', () => {
  const met = { fails: 0, fine: 0 };
  fc.assert(
    fc.property(named, ({ value, own, before }) => {
      const { codes, rejected } = findingsIn(value, own, before);
      if (codes.some((code) => code !== 'NOM313')) return;
      const fails = codes.length > 0;
      met[fails ? 'fails' : 'fine'] += 1;
      expect([value, own, before, fails]).toEqual([value, own, before, rejected()]);
    }),
    { numRuns: runs(3000) },
  );
  expect(Math.min(met.fails, met.fine)).toBeGreaterThan(runs(100));
});

test.each([
  ['a field', 'id = s.id  a = "x"  b = parse_int(a)', ['NOM313']],
  ['a field of its source', 'id = s.id  b = parse_int(s.x)', ['NOM313']],
  ['a copied field', 'id = s.id  a = s.x  c = a  b = parse_int(c)', ['NOM313']],
  ['a spread', '...s  b = parse_int(x)', ['NOM313']],
  ['a field that is null', 'id = s.id  b = s.nothing ?? parse_int("x")', ['NOM313']],
  ['a field of the message', 'id = s.id  b = parse_int(s.y)', []],
  ['a field with a default', 'id = s.id  b = parse_int(s.z)', []],
  ['an arm that no message takes', 'id = s.id  b = if s.flag and s.x == "1" then parse_int(s.x) else 2', []],
  ['an arm of `match`', 'id = s.id  b = match s.x { "1" -> parse_int(s.x)  else -> 2 }', []],
  ['a field that cannot be computed itself', 'id = s.id  a = parse_int("x")  b = a + 1', ['NOM313']],
  ['a circle', 'id = s.id  a = b + 1  b = a + 1', ['NOM304']],
  ['a list', 'id = s.id  a = split("1,x", ",")  b = parse_int(last(a) ?? "2")', ['NOM313']],
])('a failure behind %s', (_where, members, expected) => {
  const text = `entity T { id: int  flag: bool  x = "x"  nothing: int? = null  y: text  z: text @default("x") }
    derive R from T as s { ${members}  store t { key (id)  upsert on (id) } }`;
  expect(errorsIn(text)).toEqual(expected);
});

test('a record that spreads a shape may give its fields other values', () => {
  const text = (member: string): string => `shape S { a: text = "x"  b = parse_int(a) }
    entity T { id: int  ...S  ${member}  store t { key (id)  upsert on (id) } }`;
  expect(errorsIn(text(''))).toEqual(['NOM313']);
  expect(errorsIn(text('a: text'))).toEqual([]);
  expect(errorsIn(text('a = "7"'))).toEqual([]);
});

test('a row that no message gives cannot fail', () => {
  const text = (where: string): string => `entity T { id: int  x = "x" }
    derive R from T as s ${where} { id = s.id  x = s.x  store t { key (id)  upsert on (id) } }
    derive U from R as r { id = r.id  b = parse_int(r.x)  store u { key (id)  upsert on (id) } }
    derive V from T as s, optional R as r { id = s.id  b = parse_int(r?.x ?? "x")  store v { key (id)  upsert on (id) } }`;
  expect(errorsIn(text('where s.x == "y"')).filter((code) => code === 'NOM313')).toHaveLength(0);
  expect(errorsIn(text('where s.x == "x"'))).toContain('NOM313');
});

test('a chain of thousands of fields is known to its end', () => {
  const fields = Array.from({ length: 3000 }, (_, at) => `f${at + 1} = f${at}`).join('\n');
  const text = `entity T { id: int  f0 = "x"  ${fields}  b = parse_int(f3000)  store t { key (id)  upsert on (id) } }`;
  expect(errorsIn(text)).toContain('NOM313');
});

test.each([
  ['in an arm that a message may take', 'if s.flag then parse_int("x") else 1', ['NOM313']],
  ['in an arm that none takes', 'if 1 > 2 then parse_int("x") else 1', []],
  ['in `try`', 'try(parse_int("x"), 1)', []],
  ['where `fail` is meant', 'if s.flag then 1 else fail("why")', []],
  ['in a function', 'bad()', ['NOM313']],
  ['in a function that is only tried', 'try(bad(), 1)', []],
  ['as a divisor', 's.id % (1 - 1)', ['NOM313']],
  ['as the divisor of `div`', 'div(s.id, length(""), 2)', ['NOM313']],
])('a failure %s', (_where, value, expected) => {
  const text = `fn bad() -> int = parse_int("x")
    entity T { id: int  flag: bool }
    derive R from T as s { id = s.id  v = ${value}  store t { key (id)  upsert on (id) } }
    derive Other from T as s { v = try(bad(), 2)  store others { key (v)  upsert on (v) } }`;
  expect(errorsIn(text)).toEqual(expected);
});

test('functions that call each other twice, and texts that grow, do not keep the check busy', () => {
  const levels = Array.from({ length: 60 }, (_, at) => at + 1);
  // More levels would be too much for a message too.
  const doubling = levels.slice(0, 12);
  const text = `fn f0(n: int) -> int = n + 1
    fn g0(t: text) -> text = t
    ${doubling.map((at) => `fn f${at}(n: int) -> int = f${at - 1}(n) % 7 + f${at - 1}(n) % 7`).join('\n')}
    ${levels.map((at) => `fn g${at}(t: text) -> text = g${at - 1}(concat(t, t))`).join('\n')}
    entity T { id: int }
    derive R from T as s { id = s.id  v = f12(1)  w = g60("ab")  store t { key (id)  upsert on (id) } }`;
  expect(analyze({ name: 'constant.nom', text }).accepted).toBe(true);
});

test.each([
  [
    'calls of a function',
    'fn d(x: text) -> text = concat(x,x,x,x,x,x,x,x,x,x)',
    (of: string) => `d(${of})`,
    7,
    6,
  ],
  ['replaced texts', '', (of: string) => `replace(${of}, "a", "aaaaaaaaaa")`, 7, 6],
])('a text that is too long in every message is told, of %s', (_, declared, wrap, long, fits) => {
  const made = (levels: number): string =>
    Array.from({ length: levels }).reduce<string>((text) => wrap(text), '"aaaaaaaaaa"');
  const codes = (levels: number): readonly string[] => {
    const store = 'store es { key (id)  upsert on (id) }';
    const text = `${declared}\nentity E { id: int  x: text = ${made(levels)}  ${store} }\n`;
    return analyze({ name: 'a.nom', text }).findings.map(({ code }) => code);
  };
  expect(codes(long)).toEqual(['NOM313']);
  expect(codes(fits)).toEqual([]);
  // Beyond the first that fails nothing is computed.
  expect(codes(long + 30)).toEqual(['NOM313']);
});

test('very many long constants are not computed without end', () => {
  const long = 'd(d(d(d(d(d("aaaaaaaaaa"))))))';
  const fields = Array.from({ length: 1_000 }, (_, at) => `x${at}: text = ${long}`).join('\n');
  const text = `fn d(x: text) -> text = concat(x,x,x,x,x,x,x,x,x,x)\nentity E {\nid: int\n${fields}\n}\n`;
  expect(analyze({ name: 'a.nom', text }).findings.map(({ code }) => code)).not.toContain('NOM801');
});
