import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { permissionsText } from '../../src/cli/permissions-text.ts';
import { planOf } from '../support/plan.ts';

const page = readFileSync(new URL('../../docs/privileges.md', import.meta.url), 'utf8');

const SHOP = `pipeline shop
stream SHOP { subject ingest = "shop.ingest.{entity}"  subject dead = "shop.dead.{entity}" }
role ingest { publish SHOP.ingest }
role worker { consume SHOP.ingest  dead_letter SHOP.dead }
entity Order { id: int  store sales.orders { key (id)  upsert on (id) } }`;

// test/runtime/privileges.test.ts runs the roles with these on a real server.
test('docs/privileges.md shows what `explain --permissions` prints for NATS', () => {
  const text = permissionsText(planOf(SHOP));
  const block = text.slice(text.indexOf('authorization {')).trimEnd();
  expect(page).toContain(`\`\`\`\n${block}\n\`\`\``);
});

test('the printed rights are those of the tables of the program', () => {
  expect(permissionsText(planOf(SHOP))).toContain(
    'GRANT SELECT, INSERT, UPDATE, DELETE ON "sales"."orders" TO shop_worker;',
  );
});
