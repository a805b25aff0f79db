import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { openDocument } from '../../src/editor/document.ts';

test('an error of the check itself is a finding that names it and says what to do', () => {
  const failing = () => {
    throw new TypeError('a bug');
  };
  const { findings, accepted } = analyze({ name: 'shop.nom', text: 'import "other.nom"\n' }, failing);
  expect(accepted).toBe(false);
  expect(renderText(findings)).toContain(
    'error[NOM801]: nomnom failed while it checked this file: TypeError: a bug',
  );
});

test('the editor shows it as a finding of the file, and goes on', () => {
  const failing = (path: string) => {
    if (path === 'countries.csv') throw new TypeError('a bug');
    return undefined;
  };
  const lookup = 'lookup Countries "countries.csv" { code: text  name: text  key (code) }\n';
  const { analysis } = openDocument({ name: 'shop.nom', text: `pipeline p\n${lookup}` }, failing);
  expect(analysis.findings.map(({ code }) => code)).toEqual(['NOM801']);
});

test('a chain of derivations of any length is answered', () => {
  const chain = (length: number) => {
    const derived = Array.from(
      { length },
      (_, at) => `derive D${at + 1} from D${at} as d { id: int = d.id }`,
    ).join('\n');
    const last = `derive Z from D${length} as d { id: int = d.id  store z { key (id)  upsert on (id) } }`;
    return `pipeline chain\nentity D0 { id: int  store d { key (id)  upsert on (id) } }\n${derived}\n${last}`;
  };
  const codesOf = (length: number) =>
    analyze({ name: 'chain.nom', text: chain(length) }).findings.map(({ code }) => code);
  expect(codesOf(100)).toEqual([]);
  // As far as the stack of the engine reaches; then with one finding.
  expect([[], ['NOM801']]).toContainEqual(codesOf(6_000));
});
