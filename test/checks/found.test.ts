import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { MOST_FOUND } from '../../src/checks/found.ts';

/** A file in which every field but the first is declared twice. */
const doubled = (times: number) =>
  `entity E {\n${'a: int\n'.repeat(times)}store e { key (a)  upsert on (a) }\n}\n`;

test('of very many errors the first are kept, and a finding says that there are more', () => {
  const { findings, accepted } = analyze({ name: 'a.nom', text: doubled(MOST_FOUND + 100) });
  expect(accepted).toBe(false);
  expect(findings.filter(({ code }) => code !== 'NOM802').length).toBeLessThanOrEqual(MOST_FOUND);
  expect(findings.filter(({ code }) => code === 'NOM802').map(({ message }) => message)).toEqual([
    'there are more than 10,000 errors; the others are not reported',
  ]);
});

test('of fewer all are kept, and nothing says that there are more', () => {
  const { findings } = analyze({ name: 'a.nom', text: doubled(100) });
  expect(findings.map(({ code }) => code)).not.toContain('NOM802');
  expect(findings.length).toBeGreaterThanOrEqual(99);
});

test('a fault that a declaration has very often is one finding, as if it were there a few times', () => {
  const told = (times: number) => {
    const text = `entity E {\n${'f q\n'.repeat(times)}store e { key (f)  upsert on (f) }\n}\n`;
    return analyze({ name: 'a.nom', text }).findings.map(({ code, message }) => [code, message]);
  };
  expect(told(5_000)).toEqual(told(30));
});

test('a declaration of very many tokens with a fault is read to its end', () => {
  // More tokens than a function takes arguments.
  const text = `entity E {\n  a: int\n${'  f: int\n'.repeat(45_000)}  store e { a: a\n  key (a)  upsert on (a) }\n}\n`;
  expect(analyze({ name: 'a.nom', text }).findings.map(({ code }) => code)).not.toContain('NOM801');
});

test('of unknown names behind the bound not even the names near to them are looked for', () => {
  const fields = Array.from({ length: MOST_FOUND + 500 }, (_, at) => `  field${at}: int = feild${at}\n`).join(
    '',
  );
  const { findings } = analyze({ name: 'a.nom', text: `entity E {\n  id: int\n${fields}}\n` });
  expect(findings.filter(({ message }) => message.startsWith('there is no'))).toHaveLength(MOST_FOUND);
  expect(
    findings.every(({ message, help }) => !message.startsWith('there is no') || help !== undefined),
  ).toBe(true);
});
