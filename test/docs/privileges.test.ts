import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { grantsOf, grantStatements, KEEPS_REFUSED } from '../../src/sql/postgres/privileges.ts';

const page = readFileSync(new URL('../../docs/privileges.md', import.meta.url), 'utf8');

test.each(['ingest', 'worker'] as const)(
  'docs/privileges.md lists the rights that a role needs: %s',
  (kind) => {
    for (const part of ['ledger', 'queue'] as const)
      expect(page).toContain(`${grantStatements(grantsOf(kind, part), `shop_${kind}`).join('\n')}\n\`\`\``);
  },
);

test('docs/privileges.md lists what an ingest role needs that keeps refused messages', () => {
  expect(page).toContain(`${grantStatements(KEEPS_REFUSED, 'shop_ingest').join('\n')}\n\`\`\``);
});
