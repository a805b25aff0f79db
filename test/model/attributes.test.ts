import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

test('`@strict` on a field is told where it belongs, also on a line of its own', () => {
  const text = 'entity Order {\n  id: int\n  @strict\n  store orders { key (id)  upsert on (id) }\n}\n';
  expect(analyze({ name: 'shop.nom', text }).findings).toMatchObject([
    {
      code: 'NOM104',
      message: 'a field has no attribute `@strict`',
      help: 'write it after the name of an entity: `entity Order @strict { … }`',
    },
  ]);
});

test.each(['@header("x-h")', '@body'])('`@default` does nothing beside `%s`, so it is refused', (source) => {
  const text = `entity A { id = 1  h: text(9) ${source} @default("q") store a { key (id)  upsert on (id) } }\n`;
  const { findings } = analyze({ name: 'a.nom', text });
  expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
    { code: 'NOM104', message: expect.stringContaining('`@default` is for a key that a message leaves out') },
  ]);
});
