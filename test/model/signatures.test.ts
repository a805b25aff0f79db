import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';

const STORE = 'store orders { key (id)  upsert on (id) }';

/** Findings of an entity with these members, as `code message`. */
function findings(members: string, before = 'secret SHOP'): readonly string[] {
  const text = `${before}\nentity Order { id: int  ${members}  ${STORE} }`;
  return analyze({ name: 'shop.nom', text }).findings.map(({ code, message }) => `${code} ${message}`);
}

function planned(text: string) {
  const { program, accepted, findings } = analyze({ name: 'shop.nom', text });
  if (!accepted) throw new Error(JSON.stringify(findings));
  return compilePlan(program, 'shop.nom');
}

test.each([
  'signed by standard(SHOP)',
  'signed by github(SHOP)',
  'signed by stripe(SHOP)',
  'signed by slack(SHOP)',
  'signed by shopify(SHOP)',
  'signed by twilio(SHOP)',
  'signed by twilio(SHOP, "https://hooks.example.com/in/")',
  'signed by hmac(SHOP, "X-Signature", sha256, hex)',
  'signed by hmac(SHOP, "x-signature", "SHA512", base64)',
  'signed by github(SHOP)  on_refused: dead_letter',
  'on_refused: answer  signed by github(SHOP)',
])('%s is accepted', (members) => {
  expect(findings(members)).toEqual([]);
});

test.each([
  ['signed by github()', ['NOM115 `github` takes the name of a secret']],
  ['signed by github("whsec_1")', ['NOM115 a secret is named, and its value stands outside of the file']],
  ['signed by github(SHPO)', ['NOM101 there is no secret `SHPO`']],
  ['signed by github(SHOP, SHOP)', ['NOM115 `github` has too many arguments']],
  ['signed by hmac(SHOP)', ['NOM115 `hmac` has no header']],
  ['signed by hmac(SHOP, "x-signature", sha256)', ['NOM115 `hmac` has no encoding']],
  [
    'signed by hmac(SHOP, "x signature", md5, 7)',
    [
      'NOM115 the header of `hmac` is the name of a header in quotes, such as "x-signature"',
      'NOM115 the algorithm of `hmac` is one of sha1, sha256, sha384, sha512',
      'NOM115 the encoding of `hmac` is one of hex, base64, base64url',
    ],
  ],
  [
    'signed by twilio(SHOP, "hooks.example.com")',
    [
      'NOM115 the url of `twilio` is the beginning of the URL that Twilio calls, such as "https://hooks.example.com"',
    ],
  ],
  ['signed by github(SHOP)  signed by stripe(SHOP)', ['NOM108 Order has a second `signed by`']],
  ['on_refused: answer  on_refused: dead_letter', ['NOM108 Order has a second `on_refused`']],
])('%s is refused', (members, expected) => {
  expect(findings(members).filter((each) => !each.startsWith('NOM114'))).toEqual(expected);
});

test('an unknown scheme says which one is near, or which there are', () => {
  const helps = ['signed by githb(SHOP)', 'signed by paypal(SHOP)'].map(
    (members) =>
      analyze({ name: 'shop.nom', text: `secret SHOP\nentity Order { id: int  ${members}  ${STORE} }` })
        .findings[0]?.help,
  );
  expect(helps).toEqual([
    'did you mean `github`?',
    'known names: `standard`, `github`, `stripe`, `slack`, `shopify`, `twilio`, `hmac`',
  ]);
});

test('a shape and a derived entity have no sender', () => {
  const text = `secret SHOP
    shape Line { n: int  signed by github(SHOP) }
    entity Order { id: int  lines: Line[]  ${STORE} }
    derive Copy from Order as o { id = o.id  on_refused: dead_letter  store copies { key (id)  upsert on (id) } }`;
  const found = analyze({ name: 'shop.nom', text }).findings.map(({ code, message }) => `${code} ${message}`);
  expect(found).toEqual([
    'NOM108 `signed by` belongs in an entity, and the shape Line is not a message',
    'NOM108 `on_refused` belongs in an entity, and the derived entity Copy is not a message',
  ]);
});

test('a secret that signs nothing is reported, and one that is declared twice', () => {
  expect(findings('')).toEqual(['NOM114 the secret SHOP is not used']);
  expect(findings('signed by github(SHOP)', 'secret SHOP secret SHOP')).toEqual([
    'NOM102 `SHOP` is declared twice',
  ]);
});

test('the words of signatures are names elsewhere', () => {
  const fields = 'secret: text  signed: text?  on_refused: text  answer: int';
  expect(findings(`${fields}  signed by github(SHOP)`)).toEqual([]);
});

test('a plan has the name of a secret, the scheme and its arguments', () => {
  const text = `secret SHOP  entity Order { id: int  signed by hmac(SHOP, "X-Sign", sha1, hex)  ${STORE} }`;
  expect(planned(text).entities[0]?.signature).toEqual({
    scheme: 'hmac',
    secret: 'SHOP',
    options: { header: 'x-sign', algorithm: 'sha1', encoding: 'hex' },
  });
});

test('a program that begins to ask for signatures takes the messages of the one before as its own', () => {
  const before = planned(`pipeline shop  entity Order { id: int  ${STORE} }`);
  const after = planned(
    `pipeline shop  secret SHOP  entity Order { id: int  signed by github(SHOP)  on_refused: dead_letter  ${STORE} }`,
  );
  expect(after.program).toBe(before.program);
});
