import { Command as Parser } from 'commander';
import fc from 'fast-check';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';
import { evaluate as evalCommand } from '../../src/cli/commands/eval.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { evaluateMessage, utf8Text } from '../../src/plan/evaluate-message.ts';
import { simulator } from '../../src/roles/dead-letters/simulate.ts';
import { acceptBatch } from '../../src/roles/ingest/accept-batch.ts';
import { acceptOne, type Acceptance } from '../../src/roles/ingest/accept-one.ts';
import type { Envelope } from '../../src/roles/ingest/incoming.ts';
import { routesOf } from '../../src/roles/ingest/routes-of.ts';
import { evaluator } from '../../src/roles/worker/receive/evaluate.ts';
import { runTests } from '../../src/tools/testing/run.ts';
import { runs } from '../support/property-runs.ts';

const MAX_BYTES = 2048;

const SHOP = `
pipeline shop { max_depth: 5  max_list_length: 6 }
shape Line { number: int  tags: text[]? }
entity Order {
  id:    bigint
  name:  text(20)?
  price: decimal(9, 2)?
  extra: json?
  lines: Line[]
  check (price ?? 0) >= 0 "a price is never negative"
  store orders { key (id)  upsert on (id) }
}
derive OrderLine from Order as o, each o.lines as line {
  id: bigint = o.id
  number: int = line.number
  store lines { key (id, number)  upsert on (id, number) }
}
entity Note {
  id: int = 1
  body: text(1500) @body
  store notes { key (id)  upsert on (id) }
}
stream S { subject ingest = "s.{entity}" }
role small { publish S.ingest  port: 8081  body_limit: 1KB }
role ingest { publish S.ingest  body_limit: 2KB }
role worker { consume S.ingest  max_rows_per_message: 4 }
test "an order" { given Order "message.bin"  expect count(orders) == 1 }
test "a note" { given Note "message.bin"  expect count(notes) == 1 }
`;

const folder = mkdtempSync(join(tmpdir(), 'nomnom-evaluate-'));
const file = join(folder, 'shop.nom');
const bodyFile = join(folder, 'message.bin');
writeFileSync(file, SHOP);

const { program, accepted, findings } = analyze({ name: file, text: SHOP });
if (!accepted) throw new Error(JSON.stringify(findings));
const plan = compilePlan(program, file);
const role = plan.roles.find(({ name }) => name === 'ingest');
if (role === undefined) throw new Error('there is no ingest role');
const routes = routesOf(plan, role, () => []);

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const stored = { kind: 'stored', duplicate: false } as const;
const acceptance = {
  publishing: {
    one: () => Promise.resolve(stored),
    many: (messages: readonly unknown[]) => Promise.resolve(messages.map(() => stored)),
    hasRoom: () => true,
    idle: () => Promise.resolve(),
  },
  accepted: { add: () => undefined },
} as unknown as Acceptance;

/** `rows`, or the code of the rejection. */
type Verdict = string;
type User = (entity: string, body: Buffer) => Verdict | Promise<Verdict>;

function envelopeFor(entity: string): Envelope {
  const route = routes.get(entity);
  if (route === undefined) throw new Error(`there is no route for ${entity}`);
  return { route, headers: {}, receivedAt: 0 };
}

const delivered = (entity: string, body: Buffer) => ({
  ...{ messageId: ID, entity, generation: 0, body, headers: {}, receivedAt: 0 },
  ...{ program: plan.program, deliveries: 1 },
});

let printed = '';
const terminal = {
  out: (text: string) => void (printed += text),
  note: () => undefined,
  ...{ interactive: false, showsProgress: false, color: false },
};
const parser = new Parser().exitOverride();
evalCommand.register(parser, terminal);

const users: Readonly<Record<string, User>> = {
  ingest: async (entity, body) => {
    const outcome = await acceptOne(acceptance, envelopeFor(entity), body, ID, false);
    return outcome.kind === 'refused' ? outcome.problem.code : 'rows';
  },
  'ingest of a batch': async (entity, body) => {
    const elements = { next: () => ({ elements: [body], isLast: true }) };
    const ids = { byIndex: false, of: () => ID };
    const limits = { message: () => MAX_BYTES, chunk: 10 };
    const { answer } = await acceptBatch(acceptance, envelopeFor(entity), elements, ids, limits);
    return ('code' in answer ? answer.code : answer.rejected[0]?.code) ?? 'rows';
  },
  worker: (entity, body) => {
    const outcome = evaluator(plan)(delivered(entity, body));
    return outcome.kind === 'message' ? 'rows' : outcome.error.code;
  },
  'simulation of a dead letter': (entity, body) => {
    const error = { code: 'failed', entity, field: '', pointer: '', message: '' } as const;
    const verdict = simulator(plan)({
      ...{ id: '1', messageId: ID, entity, generation: 0, headers: {}, error, body, size: body.length },
      ...{
        receivedAt: '2026-01-01T00:00:00Z',
        failedAt: '2026-01-01T00:00:00Z',
        attempts: 1,
        replayedAt: null,
      },
    });
    return verdict.kind === 'fails' ? verdict.error.code : 'rows';
  },
  eval: async (entity, body) => {
    writeFileSync(bodyFile, body);
    printed = '';
    await parser.parseAsync(['eval', file, entity, bodyFile], { from: 'user' }).catch((error: unknown) => {
      if (printed === '') throw error;
    });
    const answer = JSON.parse(printed) as { readonly rejected?: { readonly code: string } };
    return answer.rejected?.code ?? 'rows';
  },
  'a test in the file': (entity, body) => {
    const results = runTests(program, plan, () => ({ bytes: body }));
    const [failure] = results[entity === 'Order' ? 0 : 1]?.failures ?? [];
    if (failure === undefined) return 'rows';
    return /was rejected: (\w+)/.exec(failure.message)?.[1] ?? failure.message;
  },
};

const order = fc.record(
  {
    id: fc.oneof(fc.nat(), fc.constantFrom<unknown>('9007199254740993', 1.5, null)),
    name: fc.string({ unit: 'binary', maxLength: 24 }),
    price: fc.oneof(fc.constantFrom('12.30', 0.1, 7), fc.double({ noNaN: true })),
    extra: fc.jsonValue({ maxDepth: 6 }),
    lines: fc.array(fc.record({ number: fc.nat(9) }), { maxLength: 8 }),
  },
  { requiredKeys: ['id', 'lines'] },
);

const wellMeant = order.map((value) => Buffer.from(JSON.stringify(value)));

/** A byte put in, taken out or replaced, also in the middle of a character. */
const mutated = fc
  .tuple(wellMeant, fc.nat(), fc.uint8Array({ maxLength: 3 }), fc.nat(2))
  .map(([body, place, bytes, drop]) => {
    const at = place % (body.length + 1);
    return Buffer.concat([body.subarray(0, at), bytes, body.subarray(at + drop)]);
  });

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const body = fc.oneof(
  { weight: 4, arbitrary: wellMeant },
  { weight: 4, arbitrary: mutated },
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  wellMeant.map((bytes) => Buffer.concat([BOM, bytes])),
  // Around the limit of bytes, and far beyond it.
  fc
    .tuple(wellMeant, fc.oneof(fc.integer({ min: MAX_BYTES - 2, max: MAX_BYTES + 2 }), fc.constant(300_000)))
    .map(([bytes, size]) => Buffer.concat([bytes, Buffer.alloc(Math.max(0, size - bytes.length), ' ')])),
  fc
    .nat(40)
    .map((depth) => Buffer.from(`{"id":1,"lines":[],"extra":${'['.repeat(depth)}${']'.repeat(depth)}}`)),
);

test('all who evaluate messages give the same verdict', async () => {
  const met = new Set<Verdict>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('Order', 'Order', 'Note'), body, async (entity, bytes) => {
      const verdicts: Record<string, Verdict> = {};
      for (const [name, user] of Object.entries(users)) verdicts[name] = await user(entity, bytes);
      const first = verdicts['worker'] ?? '';
      expect(verdicts).toEqual(Object.fromEntries(Object.keys(users).map((name) => [name, first])));
      met.add(first);
    }),
    { numRuns: runs(800) },
  );
  for (const code of ['rows', 'invalid_utf8', 'invalid_json', 'too_large', 'too_deep', 'too_many_rows'])
    expect(met).toContain(code);
}, 60_000);

test('text has a byte order mark where the bytes have one, and is none where they are not UTF-8', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decoded = (bytes: Uint8Array): string | undefined => {
    try {
      return strict.decode(bytes);
    } catch {
      return undefined;
    }
  };
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.concat([BOM, Buffer.from(text)])),
  );
  fc.assert(
    // Also where the bytes are a part of others.
    fc.property(bytes, fc.nat(3), (all, from) => {
      const part = new Uint8Array(all).subarray(from);
      expect(utf8Text(part)).toBe(decoded(part));
    }),
    { numRuns: runs(4000) },
  );
});

test('the limit of bytes is that of the role that takes most, the limit of rows that of the role that takes least', () => {
  expect(plan.limits).toEqual({ maxDepth: 5, maxListLength: 6, maxBytes: MAX_BYTES, maxRows: 4 });
});

test('the size is looked at before anything else', () => {
  const [entity] = plan.entities;
  if (entity === undefined) throw new Error('there is no entity');
  const text = vi.fn<typeof entity.evaluate>(entity.evaluate);
  const message = { body: Buffer.alloc(MAX_BYTES + 1, 0xff), headers: {}, messageId: ID, receivedAt: 0 };
  expect(evaluateMessage(plan.limits, { ...entity, evaluate: text }, message)).toMatchObject({
    rejection: { code: 'too_large', entity: 'Order', message: expect.stringContaining('found 2049') },
  });
  expect(text).not.toHaveBeenCalled();
});
