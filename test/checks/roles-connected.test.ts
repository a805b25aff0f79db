import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

const program = (roles: string): string => `
pipeline shop
stream SHOP { subject ingest = "shop.ingest.{entity}"  subject dead = "shop.dead.{entity}" }
${roles}
entity Order { id: int  store orders { key (id)  upsert on (id) } }
`;

function codesOf(roles: string): readonly string[] {
  return analyze({ name: 'shop.nom', text: program(roles) }).findings.map((finding) => finding.code);
}

test('a role may consume the dead letters of another role', () => {
  expect(
    codesOf(`role ingest { publish SHOP.ingest }
role worker { consume SHOP.ingest  dead_letter SHOP.dead }
role mender { consume SHOP.dead }`),
  ).toEqual([]);
});

test('dead letters that no role consumes are for other programs', () => {
  expect(
    codesOf(`role ingest { publish SHOP.ingest }
role worker { consume SHOP.ingest  dead_letter SHOP.dead }`),
  ).toEqual([]);
});

test('a consumer that nobody feeds is one finding, and so is what nobody consumes', () => {
  expect(codesOf('role ingest { publish SHOP.ingest }\nrole worker { consume SHOP.dead }')).toEqual([
    'NOM504',
  ]);
  expect(codesOf('role ingest { publish SHOP.ingest }')).toEqual(['NOM504']);
  expect(codesOf('role worker { consume SHOP.ingest }')).toEqual(['NOM504']);
});
