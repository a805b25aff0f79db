import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { readCsv } from '../../src/model/resolve/csv.ts';
import { pathFrom } from '../../src/model/collect/read-file.ts';

/** Findings as `CODE file:offset message` of a program of several files; the first is the program. */
function findingsOf(files: Readonly<Record<string, string>>): readonly string[] {
  const [name = '', text = ''] = Object.entries(files)[0] ?? [];
  return analyze({ name, text }, (path) => files[path]).findings.map(
    ({ code, message, primary: { span } }) => `${code} ${span.file.name}:${span.start} ${message}`,
  );
}

const ORDER = 'entity Order { id: int  status: Status  store orders { key (id)  upsert on (id) } }';

describe('import', () => {
  test('brings the declarations of files, relative to the file that says it, each file once', () => {
    expect(
      findingsOf({
        'shop/main.nom': `import "parts/a.nom"\nimport "../common.nom"\n${ORDER}`,
        'shop/parts/a.nom': 'import "../../common.nom"\nshape Part { status: Status }',
        'common.nom': 'enum Status { Open  Paid }',
      }),
    ).toEqual([]);
  });

  test('and lookups that name files by paths which differ only in capital letters get a warning', () => {
    const fields = '{ code: text  name: text  key (code) }';
    expect(
      findingsOf({
        'shop/main.nom': `import "a.nom"\nimport "../Rates.nom"
lookup Countries "../c.csv" ${fields}
${ORDER}`,
        'shop/a.nom': `import "../rates.nom"\nlookup Others "../C.csv" ${fields}\nenum Status { Open }`,
        'Rates.nom': '',
        'rates.nom': '',
        'c.csv': 'code,name\nDE,Germany\n',
        'C.csv': 'code,name\nFR,France\n',
      }).filter((finding) => finding.startsWith('NOM116')),
    ).toEqual([
      'NOM116 shop/main.nom:22 the files `rates.nom` and `Rates.nom` differ only in capital letters',
      'NOM116 shop/main.nom:54 the files `C.csv` and `c.csv` differ only in capital letters',
    ]);
  });

  test('that cannot be read is the one finding: the names that it would declare are not missed one by one', () => {
    expect(
      findingsOf({
        'main.nom': `import "parts.nom"
fn double(n: int) -> int = twice(n)
entity Order {
  id: int  status: Status  part: Part  other = double(id)  rate = Rates["x"]?.rate
  store orders { key (id)  upsert on (id) }
}
derive Line from Order as o, each Missing as m { id = o.id  store lines { key (id)  upsert on (id) } }`,
      }),
    ).toEqual(['NOM112 main.nom:7 the file parts.nom cannot be read']);
  });

  test('shows what is wrong in an imported file there', () => {
    expect(findingsOf({ 'main.nom': `import "a.nom"\n${ORDER}`, 'a.nom': 'enum Status { A  A }' })).toEqual([
      'NOM102 a.nom:17 `A` is declared twice',
    ]);
  });

  test('names circles, files that are not there, and paths that are not relative', () => {
    expect(
      findingsOf({ 'a.nom': 'import "b.nom"', 'b.nom': 'import "c.nom"', 'c.nom': 'import "b.nom"' }),
    ).toEqual(['NOM112 c.nom:7 these files import each other in a circle: b.nom → c.nom → b.nom']);
    expect(findingsOf({ 'a.nom': 'import "no.nom"\nimport "/etc/x.nom"' })).toEqual([
      'NOM112 a.nom:7 the file no.nom cannot be read',
      'NOM112 a.nom:23 the path of an imported file must be relative to this file',
    ]);
  });

  test('leaves tests of the other file alone, and refuses a second pipeline', () => {
    expect(
      findingsOf({
        'a.nom': 'pipeline shop import "b.nom"',
        'b.nom': 'pipeline other test "x" { expect no_such_table == 1 }',
      }),
    ).toEqual(['NOM108 b.nom:9 an imported file cannot have a `pipeline`']);
  });
});

describe('lookup', () => {
  const program = (csv: string, fields = 'code: text(2)  rate: decimal(4, 2)?  key (code)') =>
    findingsOf({ 'a.nom': `lookup L "l.csv" { ${fields} }`, 'l.csv': csv }).filter(
      (each) => !each.startsWith('NOM114'),
    );

  test.each([
    ['', 'l.csv:0 the file has no header'],
    ['code\nCH', 'a.nom:34 the header of l.csv has no column `rate`'],
    ['code,rate\nCHE,1', 'l.csv:10 this cell is not a valid text(2) for `code`'],
    ['code,rate\nCH,1.234', 'l.csv:13 this cell is not a valid decimal(4, 2)? for `rate`'],
    ['code,rate\nCH,1\nFR,2\nCH,3', 'l.csv:20 this key is in the file twice, first in line 2'],
    ['code,rate\nCH', 'l.csv:10 this line has no `rate`'],
    ['code,rate,rate\nCH,1,2', 'l.csv:10 the header has the column `rate` twice'],
    [`code,rate\n"${'x'.repeat(20_000_000)}`, 'l.csv:10 this cell has no end, or something after its quotes'],
    ['code,rate\n"CH,1', 'l.csv:10 this cell has no end, or something after its quotes'],
  ])('%.40j is refused where it is wrong', (csv, message) => {
    expect(program(csv)).toEqual([`NOM113 ${message}`]);
  });

  test('columns stand in any order, others are left out, an empty cell is null', () => {
    expect(program('note,rate,code\r\n,,CH\r\n"a ""b"", c",2.5,FR\r\n')).toEqual([]);
  });

  test.each([
    ['code: text(2)', 'NOM108'],
    ['code: text(2)  rate: int  key (code, rate)', 'NOM108'],
    ['code: text(2)?  key (code)', 'NOM108'],
    ['code: text(2)  key (coed)', 'NOM103'],
    ['code: text(2)  rate: int = 1  key (code)', 'NOM108'],
    ['code: text(2)[]  key (code)', 'NOM108'],
  ])('{ %s } is no lookup', (fields, code) => {
    expect(program('code,rate\nCH,1', fields).map((each) => each.slice(0, 6))).toEqual([code]);
  });
});

test('comma-separated values keep what stands in quotes', () => {
  const csv = readCsv('\uFEFFa,"b\n""c""",\n\nd,e,f\r\n');
  expect(csv.kind === 'records' && csv.records.map((cells) => cells.map((cell) => cell.text))).toEqual([
    ['a', 'b\n"c"', ''],
    ['d', 'e', 'f'],
  ]);
});

test.each([
  ['shop/main.nom', 'a.nom', 'shop/a.nom'],
  ['shop/main.nom', './x/../a.nom', 'shop/a.nom'],
  ['main.nom', '../a.nom', '../a.nom'],
  ['../main.nom', '../a.nom', '../../a.nom'],
  ['/data/main.nom', 'a.nom', '/data/a.nom'],
  ['main.nom', '/a.nom', undefined],
  ['main.nom', 'C:\\a.nom', undefined],
])('from %s, %s is %s', (file, relative, path) => {
  expect(pathFrom(file, relative)).toBe(path);
});

test.each(['trim', 'skip'])(
  'a function of the program is not called %s, like one of the language',
  (name) => {
    expect(findingsOf({ 'a.nom': `fn ${name}(x: int) -> int = x` })[0]).toBe(
      `NOM102 a.nom:3 \`${name}\` is a function of the language`,
    );
  },
);

test.each(['enum date { A }', 'shape text { a: int }'])('%s takes no name of a type', (text) => {
  expect(findingsOf({ 'a.nom': text })[0]).toMatch(/^NOM102 .* is a type of the language$/);
});
