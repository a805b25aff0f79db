import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { sampleMessage } from '../../src/cli/sample.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { evaluateMessage } from '../../src/plan/evaluate-message.ts';
import { rawHeader } from '../../src/roles/ingest/header-text.ts';
import { openApi } from '../../src/tools/schema/openapi.ts';
import { runTests } from '../../src/tools/testing/run.ts';
import { typescriptText } from '../../src/tools/typescript/declarations.ts';
import { runs } from '../support/property-runs.ts';

/** What every object of JavaScript has by these names; one of them is no key of a message. */
const ODD = Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__');

const name = fc.constantFrom(...ODD, 'id', 'plain');

const odd = fc.record({
  entity: name,
  table: name,
  enumeration: name,
  member: name,
  header: fc.constantFrom('constructor', 'x-plain'),
  outer: name,
  inner: name,
  fields: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
  given: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  hasHeader: fc.boolean(),
});

const unread = () => ({ problem: 'is not there' });

function analysisOf(text: string) {
  return analyze({ name: 'odd.nom', text });
}

test('names that every object of JavaScript has are names like all others, in programs and in messages', () => {
  fc.assert(
    fc.property(
      odd,
      ({ entity, table, enumeration, member, header, outer, inner, fields, given, hasHeader }) => {
        const present = fields.filter((_, at) => given[at] === true);
        const message = {
          key: 1,
          kind: member,
          ...Object.fromEntries(present.map((field, at) => [field, `v${at}`])),
          [`o_${outer}`]: { [inner]: 7 },
        };
        const expected = [
          1,
          member,
          7,
          ...fields.map((field) => (present.includes(field) ? `v${present.indexOf(field)}` : null)),
        ];
        const columns = ['key', 'kind', 'deep', ...fields];
        const row = Object.fromEntries(columns.map((column, at) => [column, expected[at]]));
        const { program, findings, accepted } = analysisOf(`
pipeline odd
enum E_${enumeration} { ${member} }
entity ${entity} {
  key: int
  kind: E_${enumeration}
  deep: int? @json("o_${outer}.${inner}")
${fields.map((field) => `  ${field}: text(9)?`).join('\n')}
  from_header: text? @header("${header}")
  store ${table} { key (key)  upsert on (key) }
}
test "its own message" {
  given ${entity} ${JSON.stringify(message)}
  expect ${table} ${JSON.stringify(row)}
}`);
        expect(findings).toEqual([]);
        expect(accepted).toBe(true);
        const plan = compilePlan(program, 'odd.nom');
        const [found] = plan.entities;
        if (found === undefined) throw new Error('the plan has an entity');
        const request = hasHeader ? { [header]: 'h' } : {};
        const text = rawHeader(request, header);
        expect(text).toBe(hasHeader ? 'h' : undefined);
        const evaluation = evaluateMessage(plan.limits, found, {
          body: Buffer.from(JSON.stringify(message)),
          headers: text === undefined ? {} : { [header]: text },
          messageId: '00000000-0000-4000-8000-000000000000',
          receivedAt: 0,
        });
        expect(evaluation).toMatchObject({
          kind: 'rows',
          unknownFields: 0,
          writes: [{ rows: [[...expected, hasHeader ? 'h' : null]] }],
        });
        expect(runTests(program, plan, unread).flatMap(({ failures }) => failures)).toEqual([]);
        const api = JSON.stringify(openApi(program, plan));
        for (const field of fields) expect(api).toContain(`"${field}":`);
        for (const field of fields) expect(typescriptText(program)).toContain(`readonly ${field}?`);
      },
    ),
    { numRuns: runs(200) },
  );
});

test('a sample of a message has its own keys, and leaves those of every object alone', () => {
  const { program } = analysisOf(`entity A {
  id: int @json("constructor.prototype.id")
  toString: text @json("toString")
  store a { key (id)  upsert on (id) }
}`);
  const plan = compilePlan(program, 'odd.nom');
  const [entity] = program.entities;
  const [compiled] = plan.entities;
  if (entity === undefined || compiled === undefined) throw new Error('the program has an entity');
  const sample: unknown = JSON.parse(sampleMessage(program, entity, plan, compiled) ?? '');
  expect(sample).toMatchObject({
    constructor: { prototype: { id: expect.anything() } },
    toString: expect.anything(),
  });
  expect(Object.hasOwn(Object, 'id')).toBe(false);
});

test.each([
  ['a: int  __proto__: int', 'NOM110'],
  ['a: int @json("x.__proto__")', 'NOM110'],
  ['a: text @header("__proto__")', 'NOM104'],
  [`a: text @header("${'h'.repeat(256)}")`, 'NOM104'],
])('%s: no message brings that, %s', (field, code) => {
  const { findings } = analysisOf(`entity A { id: int  ${field}  store a { key (id)  upsert on (id) } }`);
  expect(findings.map((finding) => finding.code)).toEqual([code]);
});
