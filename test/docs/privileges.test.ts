import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { permissionsText } from '../../src/cli/permissions-text.ts';
import { grantsOf, grantStatements } from '../../src/sql/postgres/privileges.ts';
import { planOf } from '../support/plan.ts';

const page = readFileSync(new URL('../../docs/privileges.md', import.meta.url), 'utf8');

test.each(['ingest', 'worker'] as const)(
  'docs/privileges.md lists the rights that a role needs: %s',
  (kind) => {
    for (const part of ['ledger', 'queue'] as const)
      expect(page).toContain(`${grantStatements(grantsOf(kind, part), `shop_${kind}`).join('\n')}\n\`\`\``);
  },
);

test('docs/privileges.md lists what an ingest role needs that keeps refused messages', () => {
  expect(page).toContain(
    `${grantStatements(grantsOf('ingest', 'refused'), 'shop_ingest').join('\n')}\n\`\`\``,
  );
});

test.each(['entity', 'role', 'neither'])(
  '`explain --permissions` lists it where the file asks for it: %s',
  (place) => {
    const word = (here: string) => (place === here ? 'on_refused: dead_letter' : '');
    const plan = planOf(`pipeline shop
    stream S { subject all = "shop.{entity}" }
    role ingest { publish S.all  ${word('role')} }
    role worker { consume S.all }
    entity Order { id: int  ${word('entity')}  store orders { key (id)  upsert on (id) } }`);
    const [grant = ''] = grantStatements(grantsOf('ingest', 'refused'), 'shop_ingest');
    expect(permissionsText(plan).includes(grant)).toBe(place !== 'neither');
  },
);
