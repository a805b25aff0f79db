import { expect, test } from 'vitest';
import type { Diagnostic, Label } from '../../src/diagnostics/diagnostic.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import type { SourceFile, Span } from '../../src/text/source.ts';
import { expectGolden } from '../support/golden.ts';

const text = `entity Order {
\tid: int
  名前: text  // wide
  store orders {
    key (id)
    upsert on (order_key, line_number) replace


  }
}
`;

const file: SourceFile = { name: 'shop.nom', text };

/** From the beginning of one text to the end of another behind it. */
function span(from: string, to = from, within = file): Span {
  const start = within.text.indexOf(from);
  return { file: within, start, end: within.text.indexOf(to, start) + to.length };
}

function error(primary: Label, related: readonly Label[] = [], help?: string): Diagnostic {
  const code = 'NOM201';
  const message = 'the upsert key has no unique constraint';
  return { code, severity: 'error', message, primary, related, ...(help === undefined ? {} : { help }) };
}

test('labels stand below what they speak of: alone, beside each other, and in several places', () => {
  const shown = renderText([
    error({ span: span('id') }),
    error({ span: span('text'), text: 'the type' }, [{ span: span('名前'), text: 'wide characters' }]),
    error(
      { span: span('(order_key, line_number)'), text: 'no constraint on exactly these' },
      [
        { span: span('upsert'), text: 'the upsert' },
        { span: span('key (id)'), text: 'the nearest' },
      ],
      'add a key\nor name the one that is there',
    ),
  ]);
  expectGolden('diagnostics/text-labels.txt', shown);
  expect(shown).not.toMatch(/ $/m);
});

test('a span of several lines has a rail at its left', () => {
  const shown = renderText([
    error({ span: span('store', '  }'), text: 'the store' }, [
      { span: span('entity', '}\n}'), text: 'the entity' },
    ]),
    error({ span: span('{', 'int'), text: 'up to here' }, [{ span: span('int'), text: 'a type' }]),
  ]);
  expectGolden('diagnostics/text-rails.txt', shown);
  expect(shown).not.toMatch(/ $/m);
});

test('labels of another file come after those of the first', () => {
  const other: SourceFile = { name: 'types.nom', text: 'shape Line { number: int }\n' };
  const shown = renderText([
    error({ span: span('id'), text: 'here' }, [{ span: span('Line', 'Line', other), text: 'and there' }]),
    { ...error({ span: span('number', 'number', other) }), severity: 'warning' },
  ]);
  expectGolden('diagnostics/text-files.txt', shown);
  expect(shown).not.toMatch(/ $/m);
});

test('the end of a file, an empty file and a very long line can be shown', () => {
  const empty: SourceFile = { name: 'empty.nom', text: '' };
  const long: SourceFile = {
    name: 'long.nom',
    text: `fn f() -> int = ${'a + '.repeat(200)}b + ${'c + '.repeat(50)}d`,
  };
  const ends = [file, empty].map((of) => ({ file: of, start: of.text.length, end: of.text.length }));
  const shown = renderText([
    ...ends.map((end) => error({ span: end, text: 'the end' })),
    error({ span: span('b', 'b', long), text: 'b' }),
  ]);
  expectGolden('diagnostics/text-edges.txt', shown);
  expect(shown).not.toMatch(/ $/m);
});

test('the closing line counts errors and warnings', () => {
  const warning: Diagnostic = { ...error({ span: span('int') }), severity: 'warning' };
  const one = error({ span: span('id') });
  const two = error({ span: span('text') });
  expect(renderText([warning, one, two]).trimEnd().split('\n').at(-1)).toBe(
    '2 errors, 1 warning in shop.nom',
  );
  expect(renderText([one]).trimEnd().split('\n').at(-1)).toBe('1 error in shop.nom');
  expect(renderText([])).toBe('');
});

test('findings come in the order of the file, each once', () => {
  const late = error({ span: span('text') });
  const early = error({ span: span('id') });
  expect(renderText([late, early, late, early])).toBe(renderText([early, late]));
});

test('colours come only when asked for', () => {
  const findings = [error({ span: span('id'), text: 'here' }, [], 'help')];
  expect(renderText(findings)).not.toContain('\u001B');
  const colored = renderText(findings, { color: true });
  expect(colored).toContain('\u001B[1;31merror[NOM201]\u001B[0m');
  // oxlint-disable-next-line no-control-regex -- the escape sequences are what is taken out
  expect(colored.replace(/\u001B\[[0-9;]*m/g, '')).toBe(renderText(findings));
});

test('a file cannot steer the terminal', () => {
  const evil: SourceFile = { name: 'evil.nom', text: 'a \u001B[2J \u202E b' };
  const shown = renderText([error({ span: span('b', 'b', evil) })]);
  expect([...shown].filter((character) => character === '\u001B' || character === '\u202E')).toEqual([]);
});

test('a person reads a hundred findings at most, errors before warnings, and how many there are', () => {
  const many = (severity: 'error' | 'warning', count: number, from: number): readonly Diagnostic[] =>
    Array.from({ length: count }, (_, at) => ({
      ...error({ span: { file, start: 0, end: 1 } }),
      severity,
      message: `${severity} ${from + at}`,
    }));
  const all = [...many('warning', 1200, 0), ...many('error', 99, 0)];
  const shown = renderText(all);
  expect(shown.match(/^error/gm)).toHaveLength(99);
  expect(shown.match(/^warning/gm)).toHaveLength(1);
  expect(shown).toContain('\nand 1,199 more; `nomnom check --max-findings 0` prints all\n');
  expect(shown).toMatch(/99 errors, 1200 warnings in shop\.nom\n$/);
  expect(renderText(all, { most: Infinity })).not.toContain(' more');
});

test('a finding about a thousand places shows the first ten', () => {
  const place = { span: span('id'), text: 'in the circle' };
  const shown = renderText([
    error(
      place,
      Array.from({ length: 1000 }, () => place),
    ),
  ]);
  expect(shown).toContain(' … and 990 more places\n');
  expect(shown.match(/in the circle/g)).toHaveLength(11);
});
