import { describe, expect, test } from 'vitest';
import { analyze, type Analysis } from '../../src/checks/analyze.ts';
import { codes } from '../../src/checks/codes.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { formatFile } from '../../src/syntax/print/format.ts';
import { suppressionCodes } from '../../src/syntax/codes/suppression.ts';
import { expectGolden } from '../support/golden.ts';

function of(members: string, more = ''): Analysis {
  const text = `entity A {
  id:   int
  name: text
  note: text?
  store a { key (id)  upsert on (id) }
}
derive B from A as a {
  id = a.id
${members}
  store b { key (id)  upsert on (id) }
}
${more}`;
  return analyze({ name: 'shop.nom', text });
}

const codesOf = ({ findings }: Analysis): readonly string[] => findings.map(({ code }) => code);

const narrow = '  short: text(3) = a.name';

test('without a comment the warning is found', () => {
  expect(codesOf(of(narrow))).toEqual(['NOM303']);
});

describe('a warning is hidden by a comment before it that gives a reason', () => {
  test.each([
    ['on the line before', `  // nomnom: allow NOM303 because the shop cuts names\n${narrow}`],
    [
      'with other comments between',
      `  // nomnom: allow NOM303 because of the shop\n\n  // short\n  /// A name.\n${narrow}`,
    ],
    [
      'one of several codes',
      `  // nomnom: allow NOM303 because of the shop\n  // nomnom: allow NOM303 because twice\n${narrow}`,
    ],
  ])('%s', (_where, members) => {
    const analysis = of(members);
    expect(codesOf(analysis)).toEqual([]);
    expect(analysis.accepted).toBe(true);
  });

  test('and stays hidden once the file is formatted', () => {
    const text =
      'entity A{id:int name:text store a{key(id)upsert on(id)}}\nderive B from A as a{id=a.id\n// nomnom: allow NOM303 because x\nshort:text(3)=a.name store b{key(id)upsert on(id)}}';
    expect(codesOf(analyze({ name: 'a.nom', text }))).toEqual([]);
    const formatted = formatFile({ name: 'a.nom', text });
    expect(
      formatted.kind === 'formatted' ? codesOf(analyze({ name: 'a.nom', text: formatted.text })) : [],
    ).toEqual([]);
    expect(formatted.kind).toBe('formatted');
  });
});

test('it covers the lines up to the next word and no others', () => {
  const members = `  // nomnom: allow NOM303 because of the shop\n${narrow}\n  other: text(3) = a.name`;
  expect(codesOf(of(members))).toEqual(['NOM303']);
  expect(
    codesOf(of(`  // nomnom: allow NOM303 because of the shop\n  long: text = a.name\n${narrow}`)),
  ).toEqual(['NOM303', 'NOM026']);
});

test('a suppression without its warning is a warning itself', () => {
  const analysis = of('  // nomnom: allow NOM303 because names are short\n  long: text = a.name');
  expect(analysis.accepted).toBe(true);
  expectGolden('suppression/NOM026.txt', renderText(analysis.findings));
  expect(codesOf(analysis)).toEqual(['NOM026']);
});

test('comments in imported files count as those of the program itself', () => {
  const part = (
    comment: string,
    type: string,
  ): string => `entity B { id: int  name: text  store bs { key (id)  upsert on (id) } }
derive C from B as b {
  id = b.id
  ${comment}
  name: ${type} = b.name
  store cs { key (id)  upsert on (id) }
}`;
  const allowed = '// nomnom: allow NOM303 because names are short';
  const check = (text: string): readonly string[] =>
    codesOf(analyze({ name: 'shop.nom', text: 'import "parts.nom"' }, () => text));
  expect(check(part('', 'text(3)'))).toEqual(['NOM303']);
  expect(check(part(allowed, 'text(3)'))).toEqual([]);
  expect(check(part(allowed, 'text'))).toEqual(['NOM026']);
});

test('while other errors may hide a warning, nothing is said of its suppression', () => {
  const analysis = of('  // nomnom: allow NOM303 because names are short\n  long: text = a.nam');
  expect(codesOf(analysis)).not.toContain('NOM026');
});

test('an error stays, and the comment is an error too', () => {
  const analysis = of('  // nomnom: allow NOM302 because it is always there\n  long: text = a.note');
  expect(codesOf(analysis)).toEqual(['NOM302', 'NOM025']);
  expectGolden('suppression/NOM025.txt', renderText(analysis.findings));
});

test('an error of syntax cannot be hidden either', () => {
  const analysis = analyze({ name: 'a.nom', text: '// nomnom: allow NOM006 because x\nentity { }\n' });
  expect(analysis.accepted).toBe(false);
  expect(analysis.findings.every(({ code }) => code.startsWith('NOM0'))).toBe(true);
});

test('a comment that says too little is an error, and hides nothing', () => {
  const analysis = of(`  // nomnom: allow NOM303
${narrow}
  // nomnom: ignore NOM303 because of the shop
  second: text(3) = a.name
  third:  text(3) = a.name  // nomnom: allow NOM303 because of the shop
  // nomnom: allow NOM303 because
  fourth: text(3) = a.name`);
  expect(analysis.accepted).toBe(false);
  expect(codesOf(analysis).filter((code) => code === 'NOM303')).toHaveLength(4);
  expect(codesOf(analysis).filter((code) => code === 'NOM024')).toHaveLength(4);
  expectGolden('suppression/NOM024.txt', renderText(analysis.findings));
});

test.each([...suppressionCodes])('$code has a page that `nomnom explain` finds', (description) => {
  expect(codes.get(description.code)).toBe(description);
  expect(description.explanation.length).toBeGreaterThan(80);
});
