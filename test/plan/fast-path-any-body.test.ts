import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { compileFastPath } from '../../src/plan/decode/fast/fast-path.ts';
import type { Reading } from '../../src/plan/decode/refused.ts';
import { evaluateMessage, utf8Text } from '../../src/plan/evaluate-message.ts';
import { placeOf } from '../../src/plan/evaluate/own-fields.ts';
import type { Evaluation, Plan } from '../../src/plan/plan.ts';
import { runs } from '../support/property-runs.ts';
import { bodies, leaf, list, object, type Form } from './any-body.ts';

const HOOKS = `
shape User { id: bigint  login: text(8)  score: float? }
shape Repo { name: text(12)  owner: User?  extra: json? }
entity Hook {
  action:   text(20)
  id:       bigint        @json("pull.id")
  title:    text?         @json("pull.title")
  draft:    bool          @json("pull.draft") @default(false)
  author:   text?         @json("pull.user.login")
  labels:   Repo[]?       @json("pull.labels")
  reviewer: User?         @json("pull.reviewer")
  status:   text?         @json("run.status")
  count:    int?          @json("run.count")
  price:    decimal(9, 2)? @json("run.price")
  run:      json?
  any:      json?
  must:     json
  many:     json[]?
  repo:     Repo
  users:    User[]
  tags:     text(6)[]?
  day:      date?
  double:   int? = count * 2
  check (count ?? 0) >= 0 "a count is never negative"
  store hooks { key (id)  upsert on (id) }
}`;

const TEXTS = ['"abc"', '"x"', '""', '"a\\"b"', '"two\\nlines"', '"é"', '"\\u00e9"', '"{"', '"1"'];
const text = leaf('"abc"', '"x"', '"https://example.com/a?b=c"', '"Hello"');
const odd = leaf(...TEXTS);
const short = leaf('"abc"', '"x"', '"a\\"b"', '"é"');
const number = leaf('1', '42', '-7', '1.5', '0', '123456789');
const any = leaf('1', '"a"', 'null', 'true', '-0.5', '[]', '{}', '[1,2]', '["a",null]', '{"k":"v"}');

const user = object({ login: short, id: number, node: text, score: leaf('1.5', 'null', '3') });
const plainUser = object({ id: leaf('1', '2'), login: short });
const repo = object({ id: number, name: short, owner: user, private: leaf('true', 'false'), extra: any });
const plan = object({
  a: text,
  b: object({ c: number, d: list(number, text), e: object({}) }),
  f: leaf('null'),
});
const run = object({
  id: number,
  status: leaf('"done"', 'null', '"a\\\\b"'),
  count: leaf('3', '0', 'null'),
  output: object({ title: odd, text, n: leaf('1', '1.5', '0.25') }),
  price: leaf('1.5', '12.34', '7', 'null'),
  apps: list(plainUser, user),
});

const FORMS: readonly Form[] = [
  object({
    action: text,
    pull: object({
      url: text,
      id: number,
      title: odd,
      user,
      draft: leaf('true', 'false'),
      labels: list(repo, repo),
      base: plan,
    }),
    ...{ run, must: plan, repo, sender: user, users: list(plainUser, user) },
  }),
  object({
    pull: object({
      id: leaf('"7"', '7'),
      reviewer: user,
      user: leaf('null'),
      labels: list(),
      more: list(plan, plan),
    }),
    ...{
      action: odd,
      run: leaf('null'),
      must: any,
      any: plan,
      many: list(any, number),
      users: list(),
      repo,
      tags: list(short),
    },
  }),
  object({
    ...{
      users: list(user),
      repo: object({ name: short }),
      must: object({ a: odd, b: list(list(number), list(odd)) }),
    },
    pull: object({
      id: number,
      labels: list(repo),
      reviewer: plainUser,
      user: object({ login: odd, more: text }),
    }),
    ...{ day: leaf('"2026-01-02"', 'null'), action: text, tags: list(odd, odd) },
  }),
  object({
    ...{
      action: text,
      pull: object({ id: number }),
      run,
      must: any,
      any,
      repo: object({ name: odd, extra: plan, owner: plainUser }),
    },
    ...{
      users: list(user, plainUser, user),
      many: list(plan, plan),
      other: list(plan, text, list(any, user)),
    },
  }),
];

interface Limits {
  readonly maxDepth: number;
  readonly maxListLength: number;
}

function analyzed(text: string) {
  const { program, accepted } = analyze({ name: 'hooks.nom', text });
  const [entity] = program.entities;
  if (entity === undefined || !accepted) throw new Error('the program is not accepted');
  return { fresh: () => compilePlan(program, 'hooks.nom'), entity };
}

function evaluated(plan: Plan, body: Uint8Array): Evaluation {
  const [entity] = plan.entities;
  if (entity === undefined) throw new Error('the plan has no entity');
  return evaluateMessage(plan.limits, entity, { body, headers: {}, messageId: '', receivedAt: 0 });
}

const reading = (body: string): Reading => ({
  ...{ refused: undefined, alsoRefused: [], collects: false, unknownKeys: 0, plain: !body.includes('\\') },
  ...{ unknownNames: undefined, body, headers: {}, meta: null },
});

test.each<Limits>([
  { maxDepth: 8, maxListLength: 6 },
  { maxDepth: 64, maxListLength: 100_000 },
])('whatever body it is, patterns of earlier ones change nothing of what becomes of it (%o)', (limits) => {
  const { maxDepth, maxListLength } = limits;
  const pipeline = `pipeline hooks { max_depth: ${maxDepth}  max_list_length: ${maxListLength} }`;
  const { fresh, entity } = analyzed(pipeline + HOOKS);
  const experienced = fresh();
  const fast = compileFastPath(entity, placeOf, limits);
  const met = { read: 0, accepted: 0, rejected: 0 };
  fc.assert(
    fc.property(bodies(FORMS), (body) => {
      const shown = Buffer.from(body).toString();
      const alone = { shown, ...evaluated(fresh(), body) };
      expect({ shown, ...evaluated(experienced, body) }).toEqual(alone);
      met[alone.kind === 'rows' ? 'accepted' : 'rejected'] += 1;
      const text = alone.kind === 'rows' ? utf8Text(body) : undefined;
      if (text === undefined) return;
      if (fast?.read(text, reading(text)) === undefined) fast?.addPattern(JSON.parse(text), text);
      else met.read += 1;
    }),
    { numRuns: runs(3000) },
  );
  // Otherwise this test would compare the general way with itself.
  expect(Math.min(met.accepted, met.rejected)).toBeGreaterThan(runs(500));
  expect(met.read / met.accepted).toBeGreaterThan(0.3);
});

const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,22})(\.(0{0,8})[0-9]{1,18})?([eE][+-]?[0-9]{1,3})?$/);
const string = fc
  .array(
    fc.constantFrom(
      'a',
      'é',
      '😀',
      '\u007f',
      '\\n',
      '\\"',
      '\\\\',
      '\\/',
      '\\u000a',
      '\\u001f',
      '\\u00e9',
      '\\u0000',
      '\\ud83d',
    ),
    {
      maxLength: 3,
    },
  )
  .map((parts) => `"${parts.join('')}"`);

test('a json field stores the same text, whichever way it was read', () => {
  const list = fc.constantFrom('[1,2]', '[1,2]', '[1, 2]', '["1"]', '[]', 'null');
  for (const more of ['', 'k: text? @json("j.k")', 'l: int[]? @json("j.l")']) {
    const source = `entity E { id: int  j: json  ${more}  store e { key (id)  upsert on (id) } }`;
    const { fresh } = analyzed(source);
    const experienced = fresh();
    const first = Buffer.from('{"id":1,"j":{"k":"x","n":1,"l":[1,2]}}');
    evaluated(experienced, first);
    fc.assert(
      fc.property(string, fc.oneof(digits, string), list, fc.nat(40), (k, n, l, chance) => {
        const body = Buffer.from(`{"id":1,"j":${chance === 0 ? 'null' : `{"k":${k},"n":${n},"l":${l}}`}}`);
        expect(evaluated(experienced, body)).toEqual(evaluated(fresh(), body));
      }),
      { numRuns: runs(1500) },
    );
  }
});
