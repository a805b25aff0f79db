import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { signatureCheck } from '../../src/roles/ingest/signature-check.ts';
import { evaluate, linesOf, pipelinePlan } from './pipeline.ts';

const plan = pipelinePlan('stripe.nom');
const events = linesOf('stripe/events.ndjson');

interface Event {
  readonly id: string;
  readonly created: number;
  readonly data: {
    readonly object: { readonly id: string; readonly object: string; readonly status?: string };
  };
}
const parsed = events.map((line) => JSON.parse(line) as Event);

test('each event that its sender signed is taken, and becomes the rows of what it is about', () => {
  const signature = plan.entities.find(({ name }) => name === 'Event')?.signature;
  if (signature === undefined) throw new Error('the entity is not signed');
  const check = signatureCheck(signature, (name) => (name === 'STRIPE_WEBHOOK' ? ['whsec_1'] : []));
  const rows = new Map<string, number>();
  for (const [at, body] of events.entries()) {
    const created = parsed[at]?.created ?? 0;
    const digest = createHmac('sha256', 'whsec_1').update(`${created}.${body}`).digest('hex');
    const head = { headers: { 'stripe-signature': `t=${created},v1=${digest}` }, url: '/ingest/Event' };
    expect(check.verify(head, Buffer.from(body), created * 1000)).toMatchObject({ kind: 'signed' });
    expect(check.verify(head, Buffer.from(`${body} `), created * 1000)).toMatchObject({
      kind: 'refused',
      problem: { status: 401 },
    });
    const result = evaluate(plan, 'Event', body);
    if (result.kind === 'rejected') throw new Error(result.rejection.message);
    for (const [table, written] of Object.entries(result.rows))
      rows.set(table, (rows.get(table) ?? 0) + written.length);
  }
  const about = (object: string): number => parsed.filter(({ data }) => data.object.object === object).length;
  expect(Object.fromEntries(rows)).toEqual({
    events: events.length,
    customers: about('customer'),
    payments: about('payment_intent'),
    refunds: about('refund'),
  });
});

test('of the events of a payment the last in its life is the newest, also within one second', () => {
  const newest = new Map<string, { readonly changed: number; readonly status: unknown }>();
  for (const body of events) {
    const result = evaluate(plan, 'Event', body);
    for (const row of (result.kind === 'rows' && result.rows['payments']) || []) {
      const [id, changed] = [String(row['id']), Number(row['changed'])];
      if (changed > (newest.get(id)?.changed ?? -1)) newest.set(id, { changed, status: row['status'] });
    }
  }
  const statuses = [...newest].map(([id, { status }]) => [id, status] as const);
  expect(Object.fromEntries(statuses)).toEqual({ pi_1: 'succeeded', pi_2: 'canceled', pi_3: 'processing' });
});
