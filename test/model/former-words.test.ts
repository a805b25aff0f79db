import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { renderText } from '../../src/diagnostics/render-text.ts';
import { compilePlan } from '../../src/plan/compile.ts';

const program = (setting: string): string => `pipeline shop

stream SHOP { subject ingest = "shop.ingest.{entity}"  subject dead = "shop.dead.{entity}" }

role ingest { publish SHOP.ingest }

role worker {
  consume SHOP.ingest
  ${setting}
  dead_letter SHOP.dead
}

entity Ping {
  id: uuid
  store pings { key (id)  upsert on (id) keep }
}
`;

test.each([
  ['on_poison: dead_letter', 'dead_letter'],
  ['on_poison: bury', 'dead_letter'],
  ['on_poison: halt', 'halt'],
  ['', 'dead_letter'],
])('a role with `%s`', (setting, expected) => {
  const analysis = analyze({ name: 'shop.nom', text: program(setting) });
  expect(renderText(analysis.findings)).toBe('');
  const { roles } = compilePlan(analysis.program, 'shop.nom');
  expect(roles.map(({ name, settings }) => [name, settings.onPoison])).toContainEqual(['worker', expected]);
});

test('other words are refused, and the finding does not name the former one', () => {
  const { findings } = analyze({ name: 'shop.nom', text: program('on_poison: skip') });
  expect(renderText(findings)).toContain('`on_poison` takes one of dead_letter, halt');
});
