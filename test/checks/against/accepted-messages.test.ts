import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenize } from '../../../grammar/tokens.ts';
import { against } from '../../../src/checks/against/against.ts';
import { analyze } from '../../../src/checks/analyze.ts';
import { renderText } from '../../../src/diagnostics/render-text.ts';
import type { Program } from '../../../src/model/program.ts';
import { compilePlan } from '../../../src/plan/compile.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { generatedProgram } from '../../conformance/generated-program.ts';
import { messageOf, programEdits } from '../../support/program-edits.ts';
import { runs } from '../../support/property-runs.ts';

interface Compiled {
  readonly program: Program;
  readonly plan: Plan;
}

function compiled(text: string | undefined): Compiled | undefined {
  if (text === undefined) return undefined;
  const { program, accepted } = analyze({ name: 'shop.nom', text });
  return accepted ? { program, plan: compilePlan(program, 'shop.nom') } : undefined;
}

/** What becomes of a message: nothing where it is accepted. */
function refusal({ plan }: Compiled, entity: string, body: string): unknown {
  const messageId = '00000000-0000-7000-8000-000000000000';
  const found = plan.entities
    .find((each) => each.name === entity)
    ?.evaluate({ body, headers: {}, messageId, receivedAt: 0 });
  if (found === undefined) return `there is no ${entity}`;
  return found.kind === 'rejected' ? found.rejection : undefined;
}

interface Seen {
  silent: number;
  warned: number;
  broken: number;
  messages: number;
}

/** Whether the step is silent; where it is, every message that the old program accepts is accepted by the new one. */
function tryStep(from: string, to: string, seed: number, seen: Seen): void {
  const [old, now] = [compiled(from), compiled(to)];
  if (old === undefined || now === undefined) return;
  const findings = against(old.program, now.program);
  renderText(findings);
  const silent = findings.length === 0;
  seen[silent ? 'silent' : 'warned'] += 1;
  for (const entity of old.program.entities)
    for (const body of fc.sample(messageOf(entity), { seed, numRuns: 6 })) {
      if (refusal(old, entity.name, body) !== undefined) continue;
      seen.messages += 1;
      const refused = refusal(now, entity.name, body);
      expect(silent ? refused : undefined, body).toBeUndefined();
      if (refused !== undefined) seen.broken += 1;
    }
}

const none = (): Seen => ({ silent: 0, warned: 0, broken: 0, messages: 0 });

const steps = fc.tuple(
  generatedProgram('shop'),
  fc.array(fc.tuple(fc.constantFrom(...programEdits), fc.nat(50)), { minLength: 1, maxLength: 3 }),
  fc.integer(),
);

test('where nothing is found, the new program takes every message that the old one accepted', () => {
  const seen = none();
  fc.assert(
    fc.property(steps, ([text, edits, seed]) => {
      const to = edits.reduce((each, [edit, at]) => edit.apply(each, at) ?? each, text);
      tryStep(text, to, seed, seen);
    }),
    { numRuns: runs(400) },
  );
  // The property says something only where steps of both kinds are tried, and some of them do refuse messages.
  expect(Math.min(seen.silent, seen.warned, seen.broken)).toBeGreaterThan(runs(10));
  expect(seen.messages).toBeGreaterThan(runs(100));
});

/** Rules of every kind that can refuse a message, each of which lets some through. */
const RULES = `pipeline shop { max_depth: 8  max_list_length: 50 }
enum Kind { Small  Large = "large"  Other }
shape Part { name: text(12)  size: int?  weight: decimal(9, 2)  check size ?? 1 < 100000 "size" }
shape Inner { kind: Kind  flag: bool? }
fn half(value: int) -> int = value % two(1)
fn two(value: int) -> int = value + 1
fn named(kind: Kind) -> text = match kind { Kind.Small -> "s"  Kind.Large -> "l"  else -> "o" }
entity Box @strict {
  id: int
  kind: Kind
  inner: Inner?
  label: text(20)? @json("a.label")
  amount: decimal(12, 3) @default(1.5)
  parts: Part[]
  more: int[]?
  big: bigint = id + 5
  text: text = if kind == Kind.Small then "a" else coalesce_label
  coalesce_label: text = label ?? "none"
  check amount > -1000000 "amount"
  check count(parts) < 40 or kind == Kind.Other
  check text != "b" and named(kind) != "x"
  store boxes { key (id)  upsert on (id) }
}
entity Free { id: int  note: text?  when: timestamp?  check note == null or length(note) < 5000  store frees { key (id)  upsert on (id) } }
derive BoxPart from Box as b, each b.parts as p where p.weight >= 0 {
  id = b.id
  n = p.name
  size = try(half(p.size ?? 7), 0)
  twice: int? = if b.kind == Kind.Large then skip() else p.size
  day: date? = try(parse_date(p.name, "yyyy-MM-dd"), null)
  store box_parts { key (id, n)  upsert on (id, n) }
}
derive Total from Box as b {
  id = b.id
  total: decimal(30, 3)? = sum(b.parts.weight)
  first = first(b.more)
  store totals { key (id)  upsert on (id) }
}
`;

const reservedWords = new Set(
  'enum shape entity store key upsert on check fn match if then else derive from each as where pipeline not null true'.split(
    ' ',
  ),
);

/** Words that may stand for each other, so that most changes are still a program. */
const classes: readonly RegExp[] = [
  /^(text|int|bigint|bool|date|timestamp|decimal)$/,
  /^[a-z_]+$/,
  /^[A-Z][a-z]+$/,
  /^\d/,
  /^"/,
  /^(<|<=|>|>=|==|!=)$/,
  /^[-+*%]$/,
  /^(and|or)$/,
];

/** Words of the language change nothing in place of a name, and the other way round. */
function kindOf(image: string): RegExp | undefined {
  return reservedWords.has(image) ? undefined : classes.find((each) => each.test(image));
}

/** The program with the n-th of its words replaced by another of its kind; a `?` is left out. */
function withWord(text: string, at: number, other: number): string {
  const tokens = tokenize(text).tokens.filter(({ image }) => image === '?' || kindOf(image) !== undefined);
  const token = tokens[at % tokens.length];
  if (token === undefined) return text;
  const kind = kindOf(token.image);
  const words = [...new Set(tokens.map(({ image }) => image))].filter((image) => kindOf(image) === kind);
  const word = token.image === '?' ? '' : (words[other % Math.max(words.length, 1)] ?? token.image);
  return text.slice(0, token.startOffset) + word + text.slice(token.startOffset + token.image.length);
}

const changes = fc.array(fc.tuple(fc.nat(2000), fc.nat(2000)), { minLength: 1, maxLength: 2 });

test('the same for changes of any word in rules of every kind', () => {
  expect(renderText(analyze({ name: 'shop.nom', text: RULES }).findings)).toBe('');
  const seen = none();
  fc.assert(
    fc.property(changes, fc.integer(), (words, seed) => {
      const to = words.reduce((each, [at, other]) => withWord(each, at, other), RULES);
      if (to !== RULES) tryStep(RULES, to, seed, seen);
    }),
    { numRuns: runs(120) },
  );
  expect(Math.min(seen.warned, seen.broken)).toBeGreaterThan(runs(3));
});
