import fc from 'fast-check';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Identifier, tokenize } from '../../grammar/tokens.ts';
import { analyze } from '../../src/checks/analyze.ts';
import { openDocument, type Document } from '../../src/editor/document.ts';
import { editedText, type Edit } from '../../src/editor/edit.ts';
import type { OtherPrograms } from '../../src/editor/other-programs.ts';
import { renameAt } from '../../src/editor/rename.ts';
import { runs } from '../support/property-runs.ts';

type Files = Readonly<Record<string, string>>;

const root = join(import.meta.dirname, '../..');
const pipelines: Files = Object.fromEntries(
  globSync(['pipelines/*.nom', 'pipelines/*/*.{nom,csv}'], { cwd: root })
    .sort()
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
);

const stored = 'store es { key (id)  upsert on (id) }';
const small: Files = {
  'parts/a.nom': 'shape A { street: text }\nfn twice(n: int) -> int = n + n\n',
  'parts/b.nom': 'import "a.nom"\nshape B { home: A }\n',
  'm.nom': `import "parts/a.nom"\nentity E { id: int  ...A  ${stored} }\ntest "t" { given E { "id": 1, "street": "x" } }\n`,
  'n.nom': `import "parts/b.nom"\nshape Other { x: int }\nentity F { id: int  b: B  other: Other  ${stored} }
derive D from F as f { id = f.id  street = f.b.home.street  v = twice(f.id)  store ds { key (id)  upsert on (id) } }\n`,
  'r.csv': 'code,rate\na,1\n',
  'l.nom': `lookup Rates "r.csv" { code: text  rate: int  key (code) }
stream S { subject ingest = "s.{entity}"  subject other = "t.{entity}" }
role ingest { publish S.ingest }
role worker { consume S.ingest }
enum Kind { A  B }
entity G { id: int  code: text  kind: Kind  check Rates[code] != null  ${stored} }\n`,
  'faulty.nom': `shape Q { s: innt }\nentity H { id: int  q: Q  ${stored.replaceAll('es', 'hs')} }\n`,
};

/** What is asked of a workspace again and again is made once. */
function memo<T>(make: (files: Files, path: string) => T): (files: Files, path: string) => T {
  const known = new WeakMap<Files, Map<string, T>>();
  return (files, path) => {
    const paths = known.get(files) ?? new Map<string, T>();
    known.set(files, paths);
    const value = paths.get(path) ?? make(files, path);
    paths.set(path, value);
    return value;
  };
}

const open = memo((files, path): Document =>
  openDocument({ name: path, text: files[path] ?? '' }, (each) => files[each]),
);

const errorsOf = memo((files, name): readonly string[] =>
  analyze({ name, text: files[name] ?? '' }, (path) => files[path])
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code),
);

function programsOf(files: Files): readonly string[] {
  return Object.keys(files).filter((name) => name.endsWith('.nom'));
}

function othersOf(files: Files): OtherPrograms {
  return {
    trees: () => programsOf(files).map((name) => open(files, name).parsed.tree),
    document: (path) => open(files, path),
  };
}

function edited(files: Files, edits: readonly Edit[]): Files {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      editedText(
        text,
        edits.filter(({ span }) => span.file.name === name),
      ),
    ]),
  );
}

/** The codes of the errors that each program of the workspace has. */
function errors(files: Files): readonly (readonly [string, readonly string[]])[] {
  return programsOf(files).map((name) => [name, errorsOf(files, name)]);
}

const odd = ['ctid', '__proto__', 'constructor', 'x'.repeat(64), 'ingest', 'worker', 'select', 'abs', 'int'];
const words = ['where', 'each', 'store', 'as', 'key', 'when', 'then', 'import', 'meta', 'match', 'renamed'];

const renaming = fc.constantFrom(small, small, pipelines).chain((files) =>
  fc.record({
    files: fc.constant(files),
    path: fc.constantFrom(...programsOf(files)),
    at: fc.double({ min: 0, max: 0.999, noNaN: true }),
    to: fc.oneof(
      fc.constantFrom(...odd, ...words),
      fc.constantFrom(...new Set(Object.values(files).flatMap((text) => text.match(/[A-Za-z]\w*/g) ?? []))),
    ),
  }),
);

test('a rename is refused with its reason, or every program of the workspace checks as before', () => {
  let made = 0;
  fc.assert(
    fc.property(renaming, ({ files, path, at, to }) => {
      const names = tokenize(files[path] ?? '').tokens.filter(({ tokenType }) => tokenType === Identifier);
      const name = names[Math.floor(at * names.length)];
      if (name === undefined) return;
      const result = renameAt(open(files, path), name.startOffset, to, othersOf(files));
      const after = result.kind === 'refused' ? files : edited(files, result.edits);
      expect(errors(after)).toEqual(errors(files));
      expect(result).not.toMatchObject({ why: '' });
      if (result.kind === 'edits') made += 1;
    }),
    { numRuns: runs(200) },
  );
  expect(made).toBeGreaterThan(0);
});

function renamed(files: Files, path: string, marked: string, to: string): Files | string {
  const text = files[path] ?? '';
  const result = renameAt(
    open(files, path),
    text.indexOf(marked.replace('|', '')) + marked.indexOf('|'),
    to,
    othersOf(files),
  );
  return result.kind === 'refused' ? result.why : edited(files, result.edits);
}

test('a rename where a name is declared changes the programs that import it, also through others', () => {
  const files = renamed(small, 'parts/a.nom', 'shape |A', 'Address');
  expect(files).toMatchObject({
    'parts/a.nom': small['parts/a.nom']?.replace('shape A', 'shape Address'),
    'parts/b.nom': small['parts/b.nom']?.replace(': A', ': Address'),
    'm.nom': small['m.nom']?.replace('...A', '...Address'),
    // An enum member of another program has the same name, and keeps it.
    'l.nom': small['l.nom'],
  });
});

test('a field that only an importing program reads from JSON keeps its key', () => {
  const files = renamed(small, 'parts/a.nom', 'street|: text', 'road');
  expect(files).toMatchObject({
    'parts/a.nom': small['parts/a.nom']?.replace('street: text', 'road: text @json("street")'),
    'm.nom': small['m.nom'],
    'n.nom': small['n.nom']?.replace('home.street', 'home.road'),
  });
});

test('a member of an enum keeps the text that senders write, and gives it away where its name is that text', () => {
  const text = (member: string): string =>
    `enum K { Big  ${member} }\nentity B { id: int  k: K  store b { key (id)  upsert on (id) } }\n` +
    `test "t" { given B { "id": 1, "k": "Small" } expect b { "k": "Small" } }\n`;
  const named = renamed({ 'e.nom': text('Small') }, 'e.nom', '|Small', 'Little');
  expect(named).toEqual({ 'e.nom': text('Little = "Small"') });
  expect(renamed({ 'e.nom': text('Little = "Small"') }, 'e.nom', '|Little', 'Small')).toEqual({
    'e.nom': text('Small'),
  });
});

test.each([
  ['parts/a.nom', 'shape |A', 'Other', 'there is an error in n.nom:2:7, NOM102: `Other` is declared twice'],
  ['parts/a.nom', 'street|:', 'ctid', 'there is an error in m.nom:'],
  ['l.nom', 'rate|: int', 'price', 'NOM113: the header of r.csv has no column `price`'],
  ['l.nom', 'worker|', 'ingest', 'NOM102'],
  ['parts/a.nom', 'fn twi|ce', 'A', 'NOM102: `A` is declared twice'],
  ['faulty.nom', 'shape |Q', 'H', 'NOM102: `H` is declared twice'],
])('in %s a rename of %s to %s says which error it would make', (path, marked, to, why) => {
  expect(renamed(small, path, marked, to)).toContain(why);
});

test('a program that had errors before can be renamed in', () => {
  expect(renamed(small, 'faulty.nom', 'shape |Q', 'Quarter')).toMatchObject({
    'faulty.nom': small['faulty.nom']?.replace('shape Q', 'shape Quarter').replace('q: Q', 'q: Quarter'),
  });
});

test('more programs than can be checked refuse a rename, with the limit', () => {
  const many = Array.from({ length: 501 }, (_, at) => [`p${at}.nom`, 'import "s.nom"\n'] as const);
  const files: Files = { 's.nom': 'shape S { n: int }\n', ...Object.fromEntries(many) };
  expect(renamed(files, 's.nom', 'shape |S', 'T')).toContain('more than 500 programs of the workspace');
  const fewer: Files = Object.fromEntries(Object.entries(files).slice(0, -1));
  expect(renamed(fewer, 's.nom', 'shape |S', 'T')).toHaveProperty(['s.nom'], 'shape T { n: int }\n');
});
