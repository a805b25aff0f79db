import { expect, test } from 'vitest';
import { type Admission, gateOf, type GateOptions, type Visit } from '../../../src/http/auth/gate.ts';
import type { Identity, Scope, Sender } from '../../../src/ports/sender.ts';

const sender = (more: Partial<Sender> = {}): Sender => ({
  name: 'pos',
  id: 'key:pos',
  mark: '0123456789ab',
  scopes: new Set<Scope>(['ingest']),
  entities: undefined,
  rate: undefined,
  ...more,
});
const visit = (more: Partial<Visit> = {}): Visit => ({
  authorization: 'Bearer token',
  origin: undefined,
  host: '127.0.0.1:8080',
  raw: [],
  address: '192.0.2.1',
  peer: '192.0.2.1',
  ...more,
});
const need = { scope: 'ingest', entity: 'Order' } as const;

function gate(identity: Identity, more: Partial<GateOptions> = {}) {
  const { admit } = gateOf({ identify: () => identity, origins: new Set(), ...more });
  return (asked: Parameters<typeof admit>[1] = need, by: Visit = visit()) => admit(by, asked) as Admission;
}

const answerOf = (admission: Admission) =>
  admission.kind === 'admitted' ? 'admitted' : `${admission.problem.status} ${admission.problem.code}`;

test('a sender gets in for what its key allows, and for nothing else', () => {
  const open = gate({ kind: 'sender', sender: sender() });
  expect(open()).toMatchObject({ kind: 'admitted', sender: { name: 'pos' } });
  expect(answerOf(open({ scope: 'status' }))).toBe('403 forbidden');
  const limited = gate({ kind: 'sender', sender: sender({ entities: new Set(['Note']) }) });
  expect(answerOf(limited({ scope: 'ingest', entity: 'Note' }))).toBe('admitted');
  expect(answerOf(limited())).toBe('403 forbidden');
  const admin = gate({ kind: 'sender', sender: sender({ scopes: new Set<Scope>(['admin']) }) });
  expect([answerOf(admin()), answerOf(admin({ scope: 'status' }))]).toEqual(['admitted', 'admitted']);
});

test('who cannot be told yet does not get in', () => {
  expect(answerOf(gate({ kind: 'unready', reason: 'not read' })())).toBe('503 not_ready');
});

test('a key with a rate is told when to come again', () => {
  const limited = gate({ kind: 'sender', sender: sender({ rate: { messages: 2, per: 60_000 } }) });
  const [first, second, third] = [limited(), limited(), limited()];
  expect([answerOf(first), answerOf(second)]).toEqual(['admitted', 'admitted']);
  expect(third).toMatchObject({ problem: { status: 429, code: 'rate_limited', retry_after: 30 } });
});

test('senders of one address share its rate', () => {
  const limited = gate({ kind: 'anonymous' }, { ratePerAddress: { messages: 1, per: 60_000 } });
  expect(answerOf(limited())).toBe('admitted');
  expect(answerOf(limited())).toBe('429 rate_limited');
  expect(answerOf(limited(need, visit({ address: '192.0.2.2' })))).toBe('admitted');
});

test('an address with many wrong keys is answered slowly, and a right key from there at once', () => {
  let identity: Identity = { kind: 'refused', reason: 'wrong' };
  const told: string[] = [];
  const { admit } = gateOf({
    identify: () => identity,
    origins: new Set(),
    onRefused: ({ code }) => told.push(code),
    onManyWrong: (address) => told.push(address),
  });
  const wrong = () => admit(visit(), need) as Admission;
  const answers = Array.from({ length: 30 }, wrong);
  expect(answers.every((each) => answerOf(each) === '401 unauthorized')).toBe(true);
  expect(told.toSorted()).toEqual(['192.0.2.1', ...answers.map(() => 'unauthorized')]);
  expect(answers.filter((each) => each.kind === 'refused' && each.slowly)).toHaveLength(10);
  identity = { kind: 'sender', sender: sender() };
  expect(answerOf(wrong())).toBe('admitted');
});

test('while nobody can say whether a key is right, a flood is answered slowly, and few are at once', () => {
  const { admit } = gateOf({ identify: () => ({ kind: 'unready', reason: 'away' }), origins: new Set() });
  const began = performance.now();
  const answers = Array.from({ length: 3_000 }, () => admit(visit(), need) as Admission);
  expect(new Set(answers.map(answerOf))).toEqual(new Set(['503 not_ready']));
  const atOnce = answers.filter((each) => each.kind === 'refused' && !each.slowly).length;
  expect(atOnce).toBeGreaterThanOrEqual(1_000);
  expect(atOnce).toBeLessThanOrEqual(1_001 + (performance.now() - began));
});

test('only what this machine sends itself is local', () => {
  const heard: boolean[] = [];
  const { admit } = gateOf({
    identify: (_, isLocal) => {
      heard.push(isLocal);
      return { kind: 'anonymous' };
    },
    origins: new Set(),
  });
  void admit(visit({ address: '127.0.0.1', peer: '127.0.0.1' }), need);
  void admit(visit({ address: '192.0.2.1', peer: '127.0.0.1' }), need);
  void admit(visit({ address: '127.0.0.1', peer: '192.0.2.1' }), need);
  expect(heard).toEqual([true, false, false]);
});

test('a page of another site cannot use that nobody has to prove anything here', () => {
  const open = gate({ kind: 'anonymous' }, { origins: new Set(['https://shop.example']) });
  const from = (origin: string) => answerOf(open(need, visit({ origin })));
  expect(from('https://evil.example')).toBe('403 origin_not_allowed');
  expect(from('null')).toBe('403 origin_not_allowed');
  expect(from('http://localhost.evil.example')).toBe('403 origin_not_allowed');
  expect(from('https://shop.example')).toBe('admitted');
  expect(from('http://localhost:3000')).toBe('admitted');
});

test('a name that is not of this machine opens nothing where only this machine may send', () => {
  const here = { address: '127.0.0.1', peer: '127.0.0.1', authorization: undefined };
  const open = gate({ kind: 'anonymous' });
  const answers = (host: string | undefined) => answerOf(open(need, visit({ ...here, host })));
  for (const host of ['localhost:8080', '127.0.0.1', '127.1.2.3:80', '[::1]:8080', 'app.localhost'])
    expect([host, answers(host)]).toEqual([host, 'admitted']);
  for (const host of [
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil',
    'a@evil',
    '',
    undefined,
  ])
    expect([host, answers(host)]).toEqual([host, '403 host_not_allowed']);
  const anyHost = gate({ kind: 'anonymous' }, { anyHost: true });
  expect(answerOf(anyHost(need, visit({ ...here, host: 'shop.example' })))).toBe('admitted');
  const keyed = gate({ kind: 'sender', sender: sender() });
  expect(answerOf(keyed(need, visit({ ...here, host: 'shop.example' })))).toBe('admitted');
});

test('what needs no key is not read under a name that a page chose, while there is no key', () => {
  const here = { address: '127.0.0.1', peer: '127.0.0.1' };
  const told: string[] = [];
  const onRefused = ({ code }: { readonly code: string }) => told.push(code);
  let identity: Identity = { kind: 'anonymous' };
  const { refuseForeignName } = gateOf({ identify: () => identity, origins: new Set(), onRefused });
  expect(refuseForeignName(visit({ ...here, host: 'evil.example:8080' }))?.problem.code).toBe(
    'host_not_allowed',
  );
  for (const host of ['localhost:8080', '127.0.0.1', '[::1]:8080'])
    expect(refuseForeignName(visit({ ...here, host }))).toBeUndefined();
  // From another machine the name is that of this one for it.
  expect(refuseForeignName(visit({ host: 'shop.example' }))).toBeUndefined();
  identity = { kind: 'refused', reason: 'no key' };
  expect(refuseForeignName(visit({ ...here, host: 'shop.example' }))).toBeUndefined();
  expect(told).toEqual(['host_not_allowed']);
});

test('wrong keys from many addresses are answered slowly together, but for those of a proxy, whose connections are for others too', () => {
  const { turnAway } = gateOf({ identify: () => ({ kind: 'anonymous' }), origins: new Set() });
  const wrong = { kind: 'refused', reason: 'wrong' } as const;
  const slowly = (at: number, peer?: string) => {
    const address = `192.0.${Math.floor(at / 250)}.${at % 250}`;
    return turnAway(wrong, visit({ address, peer: peer ?? address })).slowly;
  };
  const began = performance.now();
  const flood = Array.from({ length: 3_000 }, (_, at) => slowly(at));
  const atOnce = flood.filter((each) => !each).length;
  expect(atOnce).toBeGreaterThanOrEqual(1_000);
  expect(atOnce).toBeLessThanOrEqual(1_001 + (performance.now() - began));
  expect(slowly(3_000, '10.0.0.1')).toBe(false);
});
