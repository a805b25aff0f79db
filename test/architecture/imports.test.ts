import { expect, test } from 'vitest';
import { modulesOf, packageOf, targetOf } from './imports.ts';

function importsOf(text: string) {
  return modulesOf([{ path: 'a.ts', text }])[0]?.imports.map(
    (each) =>
      `${each.typeOnly ? 'type ' : ''}${each.lazy ? 'lazy ' : ''}${each.reexport ? 'again ' : ''}${each.specifier}` +
      (each.names.length === 0 ? '' : ` {${each.names.join(' ')}}`),
  );
}

test.each([
  [`import './a.ts';`, './a.ts'],
  [`import all from 'a';`, 'a'],
  [`import * as all from 'a';`, 'a'],
  [`import type all from 'a';`, 'type a'],
  [`import type from 'a';`, 'a'],
  [`import { one, two as three } from "a";`, 'a {one two}'],
  [`import first, { one } from 'a';`, 'a {one}'],
  [`import type { One } from 'a';`, 'type a {One}'],
  [`import { type One, two } from 'a';`, 'a {One two}'],
  [`import { type as kind } from 'a';`, 'a {type}'],
  [`const a = await import('a');`, 'lazy a'],
  [`const load = () => import('a').then((all) => all.run());`, 'lazy a'],
  [`const run = (await import('a')).run;`, 'lazy a'],
  [`let a: import('a').One;`, 'type a'],
  [`export * from 'a';`, 'again a'],
  [`export * as all from 'a';`, 'again a'],
  [`export { one } from 'a';`, 'again a {one}'],
  [`export type { One } from 'a';`, 'type again a {One}'],
])('%s is seen', (text, seen) => {
  expect(importsOf(text)).toEqual([seen]);
});

test.each([
  [`// import 'a';`],
  [`/* export * from 'a'; */`],
  [`const text = "import 'a';";`],
  ["const text = `import 'a'; ${one} import('b') ${`import 'c'`} import 'd'`;"],
  [`const pattern = /import 'a'/;`],
  [`const half = (total) / 2; const other = a / b;`],
  [`export { one }; const from = 'a';`],
  [`const url = import.meta.url;`],
  [`thing.import('a');`],
  [`export type Name = string;`],
])('%s imports nothing', (text) => {
  expect(importsOf(text)).toEqual([]);
});

test('an import behind a template and a regular expression is still seen', () => {
  const text = "const a = `x${ { b: `}` }.b }y`; const c = /[\"'`]/; const d = a[0] / 2;\nimport 'e';";
  expect(importsOf(text)).toEqual(['e']);
});

test('specifiers are told apart: files, packages, built-ins', () => {
  expect(targetOf('src/plan/a.ts', '../types/b.ts')).toBe('src/types/b.ts');
  expect(targetOf('src/plan/a.ts', 'pg')).toBeUndefined();
  expect(packageOf('@nats-io/jetstream/internal')).toBe('@nats-io/jetstream');
  expect(packageOf('pg/lib/client')).toBe('pg');
  expect(packageOf('node:fs')).toBeUndefined();
  expect(packageOf('./a.ts')).toBeUndefined();
});
